import Testing

/// Everything that needs a Docker Engine. One after the other: they share one, and a run looks for what dead ones left.
@Suite("On a Docker Engine", .serialized, .timeLimit(.minutes(5)))
struct EngineTests {
    let engine: DockerEngine

    init() throws { engine = try DockerEngine() }
}

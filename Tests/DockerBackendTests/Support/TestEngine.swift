@_spi(StoreKit) import AntidoteCore
import Foundation
import SecretCanaries
import Testing

@testable import DockerBackend

/// The real engine that these tests run against. Without one they fail: a skipped test proves nothing.
enum TestEngine {
    static func address() throws -> EngineAddress { .unixSocket(path: try socketPath()) }

    static func socketPath() throws -> String {
        let path = try #require(
            ProcessInfo.processInfo.environment["ANTIDOTE_TEST_DOCKER_SOCKET"],
            "set ANTIDOTE_TEST_DOCKER_SOCKET to the socket of a Docker Engine"
        )
        return path.replacing("unix://", with: "")
    }
}

/// A backend with an instance of its own, so that tests run side by side, and what it takes to use it.
struct Bench: Sendable {
    let backend: DockerBackend
    let engine: DockerEngine
    let id: TopologyID
    let configuration: DockerConfiguration

    var client: EngineClient { engine.client }
    /// The backend, and all that it tells is looked at for secrets.
    var recorded: RecordedBackend { RecordedBackend(backend) }

    static let image = ImageReference("antidotelabs/gate:0.1.0", pullPolicy: .never)

    /// Runs `body`, and removes whatever it made, however it ended.
    static func with<Result: Sendable>(
        _ change: (inout DockerConfiguration) -> Void = { _ in },
        _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        let random = RandomSource.system
        var configuration = DockerConfiguration(
            instance: try InstanceID(validating: "t" + random.base32(length: 9)),
            store: random.storeID(),
            owner: "tests",
            address: try TestEngine.address(),
            endpointDeadline: .seconds(60)
        )
        change(&configuration)
        let id = TopologyID(
            instance: configuration.instance,
            store: configuration.store,
            environment: random.environmentID(),
            incarnation: 1
        )
        let bench = Bench(
            backend: try DockerBackend(configuration: configuration),
            engine: try DockerEngine(configuration),
            id: id,
            configuration: configuration
        )
        do {
            let result = try await body(bench)
            try await bench.removeAll()
            return result
        } catch {
            try await bench.removeAll()
            throw error
        }
    }

    /// A topology of this bench's environment.
    func topology(_ endpoints: [Endpoint], connections: [Connection] = [], egress: EgressPolicy = .closed) -> Topology {
        Topology(id: id, endpoints: endpoints, connections: connections, egress: egress)
    }

    /// The same place with another environment.
    func sibling() -> Bench {
        var other = id
        other.environment = RandomSource.system.environmentID()
        return Bench(backend: backend, engine: engine, id: other, configuration: configuration)
    }

    func converge(_ topology: Topology, progress: ProgressReporter = .none) async throws -> ProvisionedTopology {
        try await recorded.converge(topology, under: .unlimited, progress: progress)
    }

    func destroy() async throws {
        try await backend.destroy(id, under: .unlimited)
    }

    func containers() async throws -> [ContainerSummary] {
        try await client.containers(labels: [Label.instance: configuration.instance.rawValue])
    }

    func networks() async throws -> [NetworkSummary] {
        try await client.networks(labels: [Label.instance: configuration.instance.rawValue])
    }

    func container(of endpoint: String, in id: TopologyID? = nil) async throws -> String {
        try await client.container(Names(id ?? self.id).endpoint(endpoint)).id
    }

    /// What `script` prints in an endpoint, and how it ends.
    func shell(
        _ script: String,
        in endpoint: String,
        of id: TopologyID? = nil
    ) async throws -> (status: Int, output: String) {
        let container = try await container(of: endpoint, in: id)
        let lines = Lines()
        let status = try await client.run(["/bin/sh", "-c", script], in: container) { lines.add($0) }
        return (status ?? -1, lines.text)
    }

    private func removeAll() async throws {
        for entry in try await backend.inventory() {
            try await backend.destroy(entry.id, under: .unlimited)
        }
    }
}

/// Lines as they come, from wherever.
final class Lines: Sendable {
    private let lines = Shared<[String]>([])

    func add(_ line: String) { lines.change { $0.append(line) } }
    var all: [String] { lines.value }
    var text: String { all.joined(separator: "\n") }
}

import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    @Suite("The engine's disk is full")
    struct FullDiskTests {
        private static let moments: [EnginePhase] = [.networkCreate, .gateCreate, .endpointCreate, .upload, .start]

        @Test("it is said so, whatever is being made, and the lab is whole when there is room again")
        func eachPhase() async throws {
            try await OwnEngine.with { engine in
                try await FaultBench.with(engine: engine.socket) { bench in
                    var web = Endpoint.web("web")
                    web.files = try FileSet([.init(path: "big", contents: Array(repeating: 7, count: 4 << 20))])
                    let topology = bench.direct.topology([web])
                    for phase in Self.moments {
                        let turnstile = bench.proxy.stop(at: phase)
                        async let attempt = result(opening: turnstile) { try await bench.converge(topology) }
                        await turnstile.arrival()
                        try await engine.fillDisk()
                        turnstile.release()
                        let outcome = await attempt
                        // An engine may need no room for it, or have some left of what it had before.
                        if case .failure(let error) = outcome {
                            let error = try #require(error as? AntidoteError)
                            #expect(error.code == .storageFull, "\(phase): \(error.debugDescription)")
                            #expect(error.disposition == .retry)
                            #expect(error.recovery?.contains("docker system df") == true)
                        }
                        if phase == .upload { #expect(throws: (any Error).self) { try outcome.get() } }
                        try engine.freeDisk()
                        do { try await bench.converge(topology) } catch { Issue.record(error, "\(phase)") }
                        let size = try await bench.direct.shell("wc -c </antidote/big", in: "web").output
                        #expect(size == "\(4 << 20)", "\(phase)")
                        // What is full can still be emptied.
                        try await engine.fillDisk()
                        do { try await bench.destroy() } catch { Issue.record(error, "\(phase)") }
                        try engine.freeDisk()
                        try await bench.expectNothingLeft("\(phase)")
                    }
                }
            }
        }
    }
}

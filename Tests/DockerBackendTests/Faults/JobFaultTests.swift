import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// Every fault at every call that a job is made of.
    @Suite("An engine that fails in a job")
    struct JobFaultTests {
        /// In the order in which a job that is asked for again and again comes to them.
        private static let phases: [EnginePhase] = [
            .version, .networkList, .information, .imageInspect, .jobCreate, .wait, .containerInspect, .upload, .start,
            .logs,
        ]

        @Test("it runs once, and its result is told in the end")
        func everyCall() async throws {
            try await Bench.with { bench in
                var counter = Endpoint.idle("counter")
                counter.command = ["sh", "-c"]
                counter.arguments = ["touch /runs; exec socat -u TCP-LISTEN:9000,fork OPEN:/runs,append"]
                counter.ports = [Topology.Port(9000, probe: .tcp)]
                _ = try await bench.converge(bench.topology([counter]))
                try await forEachConcurrently(EngineFault.allCases) { fault in
                    // Each with an engine of its own, as far as it can tell.
                    try await FaultProxy.with(inFrontOf: try TestEngine.socketPath()) { proxy in
                        let own = FaultBench(direct: bench, proxy: proxy)
                        let job = Job(
                            id: JobID(unchecked: fault.rawValue.lowercased()),
                            image: Bench.image,
                            command: ["sh", "-c", "echo \(fault) | socat -u - TCP:counter:9000; echo ran; exit 3"],
                            limits: ResourceLimits(memoryBytes: 64 << 20),
                            deadline: .seconds(60)
                        )
                        let result = try await own.expectRecovery(from: fault, at: Self.phases) {
                            try await own.run(job)
                        }
                        #expect(result == JobResult(exitStatus: 3, outputTail: "ran\n"), "\(fault)")
                        let stored = try await own.run(job)
                        #expect(stored == result, "\(fault)")
                    }
                }
                let runs = try await bench.shell("grep -v '^$' /runs | sort", in: "counter").output
                #expect(runs.split(separator: "\n").map(String.init) == EngineFault.allCases.map(\.rawValue).sorted())
            }
        }
    }
}

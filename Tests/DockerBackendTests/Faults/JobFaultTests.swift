import AntidoteCore
import Testing

@testable import DockerBackend

/// Every fault at every call that a job is made of.
@Suite("An engine that fails in a job", .serialized, .timeLimit(.minutes(5)))
struct JobFaultTests {
    private static let phases: [EnginePhase] = [
        .networkList, .imageInspect, .jobCreate, .upload, .wait, .containerInspect, .start, .logs,
    ]

    @Test("the job runs once, and its result is told in the end", arguments: EngineFault.allCases)
    func everyCall(_ fault: EngineFault) async throws {
        try await FaultBench.with { bench in
            var counter = Endpoint.idle("counter")
            counter.command = ["sh", "-c"]
            counter.arguments = ["touch /runs; exec socat -u TCP-LISTEN:9000,fork OPEN:/runs,append"]
            counter.ports = [Port(9000, probe: .tcp)]
            try await bench.converge(bench.direct.topology([counter]))
            let phases = Self.phases.filter { fault.applies(to: $0) }
            try await forEachConcurrently(phases) { phase in
                // Each with an engine that fails at nobody else's call.
                try await FaultProxy.with(inFrontOf: try TestEngine.socketPath()) { proxy in
                    let own = FaultBench(direct: bench.direct, proxy: proxy)
                    let job = Job(
                        id: JobID(unchecked: phase.rawValue.lowercased()),
                        image: Bench.image,
                        command: ["sh", "-c", "echo \(phase) | socat -u - TCP:counter:9000; echo ran; exit 3"],
                        limits: ResourceLimits(memoryBytes: 64 << 20),
                        deadline: .seconds(60)
                    )
                    let result = try await own.expectRecovery(from: fault, at: phase) { try await own.run(job) }
                    #expect(result == JobResult(exitStatus: 3, outputTail: "ran\n"), "\(fault) at \(phase)")
                    let stored = try await own.run(job)
                    #expect(stored == result, "\(fault) at \(phase)")
                }
            }
            let runs = try await bench.direct.shell("sort /runs", in: "counter").output
            #expect(runs.split(separator: "\n").map(String.init) == phases.map(\.rawValue).sorted(), "\(fault)")
            try await bench.destroy()
            try await bench.expectNothingLeft("\(fault)")
        }
    }
}

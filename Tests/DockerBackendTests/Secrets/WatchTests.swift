import AntidoteCore
import Logging
import Metrics
import SecretCanaries
import Testing
import Tracing

@testable import DockerBackend

/// Shows a harmless text on each way that is watched for secrets. `Scripts/secrets check` wants to see it on each: a watch
/// that sees nothing finds nothing. `Scripts/secrets mutants` has it show a secret.
@Suite("What is watched for secrets")
struct WatchTests {
    @Test("logs, metrics, traces and what the tests print")
    func telemetry() {
        print(Canary.shown(in: "output"))
        Logger(label: "watch").debug("\(Canary.shown(in: "logs"))")
        Counter(label: "watch", dimensions: [("word", Canary.shown(in: "metrics"))]).increment()
        withSpan("watch") { $0.attributes["word"] = Canary.shown(in: "traces") }
    }

    @Test("progress, errors and events")
    func reports() async throws {
        let instance = EmbeddedInstance(
            id: InstanceID(unchecked: "watch"),
            backend: RecordedBackend(Teller()),
            planners: [
                "test": FunctionPlanner { request in
                    let endpoint = Endpoint(name: "box", image: ImageReference("box"))
                    return EnvironmentPlan(topology: Topology(id: request.id, endpoints: [endpoint]))
                }
            ],
            bus: RecordedBus(InProcessBus())
        )
        try await instance.withRunning { running in
            let id = try await running.start(EnvironmentSource(kind: "test", name: Canary.shown(in: "events")))
            let failure = try await running.failure(of: id)
            #expect(failure?.message == Canary.shown(in: "errors"))
        }
    }

    @Test("labels at the engine, and the arguments of processes")
    func engine() async throws {
        try await Bench.with { bench in
            var box = Endpoint.idle("box")
            // The shell stays, with all of its arguments.
            box.command = ["/bin/sh", "-c", "tail -f /dev/null; exit", Canary.shown(in: "processes")]
            box.arguments = []
            var topology = bench.topology([box])
            topology.labels = ["word": Canary.shown(in: "engine")]
            _ = try await bench.converge(topology)
            // Long enough for whoever looks five times a second, on a busy machine too.
            let clock = ContinuousClock()
            try await clock.sleep(until: clock.now + .seconds(3))
        }
    }
}

/// Tells of its progress, and fails.
private struct Teller: AntidoteBackend {
    var name: BackendID { BackendID(unchecked: "teller") }
    var capabilities: BackendCapabilities { BackendCapabilities(features: Set(BackendCapabilities.Feature.allCases)) }

    func problems(with topology: Topology) -> [TopologyProblem] { [] }

    func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        progress.report(.note(Canary.shown(in: "progress")))
        throw AntidoteError(.endpointFailed, Canary.shown(in: "errors"), disposition: .permanent)
    }

    func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult { JobResult(exitStatus: 0, outputTail: "") }

    func destroy(_ id: TopologyID, under authority: Authority) async throws {}
    func inventory() async throws -> [InventoryEntry] { [] }
}

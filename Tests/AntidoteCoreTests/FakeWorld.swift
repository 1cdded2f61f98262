import AntidoteCore
import FakeBackend
import SecretCanaries

/// A fake provider, and instances that use it.
struct FakeWorld: Sendable {
    let id: InstanceID
    let provider: FakeProvider
    let source = EnvironmentSource(kind: "test", name: "pair")

    init(instance: InstanceID = InstanceID(unchecked: "test"), provider: FakeProvider? = nil) {
        id = instance
        self.provider = provider ?? FakeProvider(time: .system)
    }

    var backend: FakeBackend { FakeBackend(instance: id, provider: provider, time: .system) }

    func instance(_ script: FakeScript = .instant, store: (any StateStore)? = nil) -> EmbeddedInstance {
        EmbeddedInstance(
            id: id,
            backend: FakeBackend(instance: id, provider: provider, script: script, time: .system),
            planners: FakeWorld.planners,
            policy: SchedulingPolicy(
                sweepInterval: .milliseconds(200),
                retry: RetryPolicy(firstPause: .milliseconds(1), maxPause: .milliseconds(20))
            ),
            store: store,
            bus: RecordedBus(InProcessBus())
        )
    }

    /// Two endpoints, and one job for one of them.
    static let planner = FunctionPlanner { request in
        EnvironmentPlan(
            topology: Topology(
                id: request.id,
                revision: request.environment.revision,
                endpoints: [
                    Endpoint(name: "web", image: ImageReference("web"), ports: [Topology.Port(80, exposure: .owner)]),
                    Endpoint(name: "client", image: ImageReference("client")),
                ]
            ),
            jobs: [
                Job(
                    id: JobID(unchecked: "configure-client"),
                    endpoint: "client",
                    image: ImageReference("configurator"),
                    command: ["true"]
                )
            ]
        )
    }

    static let planners: [String: any EnvironmentPlanner] = ["test": planner]

    /// What `condition` returns as soon as it is something. Bounded by the test's own time limit.
    func eventually<Value>(_ condition: () async throws -> Value?) async throws -> Value {
        while true {
            try Task.checkCancellation()
            if let value = try await condition() { return value }
            await Task.yield()
        }
    }
}

import AntidoteTesting
import FakeBackend
import Logging
import SecretCanaries

@_spi(StoreKit) @testable import AntidoteCore

/// Real services over an in-memory store, under a clock that only the test moves.
struct WorkerWorld: Sendable {
    let clock = ManualClock()

    func dependencies(
        _ limits: AdmissionLimits = AdmissionLimits(),
        faults: [FakeFault] = [],
        script: FakeScript = .instant,
        policy: SchedulingPolicy = SchedulingPolicy(),
        bus: any EventBus = RecordedBus(InProcessBus()),
        before: (@Sendable (String) async throws -> Void)? = nil
    ) -> (dependencies: WorkerDependencies, provider: FakeProvider, store: InMemoryStateStore) {
        let time = clock.timeSource
        var script = script
        script.faults += faults
        let provider = FakeProvider(time: time)
        let store = InMemoryStateStore(time: time, random: .seeded(1), limits: limits)
        let instance = InstanceID(unchecked: "test")
        let dependencies = WorkerDependencies(
            instance: instance,
            store: before.map { store.behindNetwork($0) } ?? store,
            bus: bus,
            backends: [
                FakeBackend(instance: instance, provider: provider, script: script, time: time)
            ],
            policy: policy,
            time: time,
            random: .seeded(2),
            telemetry: Telemetry(logger: .init(label: "test"), time: time)
        )
        return (dependencies, provider, store)
    }

    func withWorkers(
        _ dependencies: WorkerDependencies,
        planner: any EnvironmentPlanner = FakeWorld.planner,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Scheduler(
                    id: WorkerID(unchecked: "s"),
                    dependencies: dependencies,
                    planners: ["test": planner]
                ).run()
            }
            group.addTask { try await Collector(id: WorkerID(unchecked: "c"), dependencies: dependencies).run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    func admit(_ owner: String, _ dependencies: WorkerDependencies, idle: Duration? = nil) async throws -> EnvironmentID
    {
        let admission = try await dependencies.store.store.admit(
            AdmissionRequest(
                owner: OwnerID(unchecked: owner),
                source: EnvironmentSource(kind: "test", name: "pair"),
                backend: BackendID(unchecked: "fake"),
                idleLimit: idle
            )
        )
        await dependencies.publisher.publish(admission.events)
        return admission.environment.id
    }

    func wait(_ id: EnvironmentID, _ dependencies: WorkerDependencies, for phase: Phase) async throws -> Environment {
        try await FakeWorld().eventually {
            try await dependencies.store.store.environment(id).flatMap { $0.phase == phase ? $0 : nil }
        }
    }

    /// Lets time pass while `body` runs, in small steps: leases are renewed in between.
    func passingTime(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    clock.advance(by: .milliseconds(500))
                    for _ in 0..<200 { await Task.yield() }
                }
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

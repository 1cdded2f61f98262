@_spi(StoreKit) import AntidoteCore
import FakeBackend
import Logging
import PostgresClient
import PostgresState

/// Where workers with clocks of their own share a database and a provider, whose clocks are right.
struct Office: Sendable {
    /// Before each further attempt.
    static let pause = Duration.seconds(1)

    let configuration: PostgresConfiguration
    let provider = FakeProvider(time: .system)

    /// Lends a scheduler and a collector whose clock is wrong, in a process of their own as far as they can tell.
    func withWorkers(ahead: Duration, _ script: FakeScript, _ body: @Sendable () async throws -> Void) async throws {
        let machine = TimeSource.system
        let time = TimeSource(
            now: { machine.now() + ahead },
            uptime: { machine.uptime() + ahead },
            sleep: machine.sleep
        )
        let store = try await PostgresStateStore.open(configuration, time: time, random: .system)
        let dependencies = WorkerDependencies(
            instance: InstanceTests.id,
            store: store,
            bus: InProcessBus(),
            backends: [FakeBackend(instance: InstanceTests.id, provider: provider, script: script, time: time)],
            policy: SchedulingPolicy(
                leaseDuration: .seconds(3),
                renewInterval: .milliseconds(500),
                sweepInterval: .milliseconds(100),
                collectionInterval: .milliseconds(100),
                orphanGrace: .seconds(1800),
                retry: RetryPolicy(firstPause: Self.pause, jitter: 0)
            ),
            time: time,
            random: .system,
            telemetry: Telemetry(
                logger: Logger(label: "office", factory: { _ in SwiftLogNoOpLogHandler() }),
                time: time
            )
        )
        let name = "worker-\(RandomSource.system.base32(length: 8))"
        try await withThrowingTaskGroup(of: Void.self) { workers in
            workers.addTask {
                try await Scheduler(
                    id: WorkerID(unchecked: "s-\(name)"),
                    dependencies: dependencies,
                    planners: PlannerRegistry(InstanceTests.planners)
                ).run()
            }
            workers.addTask {
                try await Collector(id: WorkerID(unchecked: "c-\(name)"), dependencies: dependencies).run()
            }
            defer { workers.cancelAll() }
            try await body()
        }
        await store.close()
    }
}

import ConcurrencyKit
public import Logging

/// A whole instance in one process: an in-memory store, an in-process bus, a scheduler and a collector.
///
/// For embedders and laptops. Nothing is left when ``withRunning(removalDeadline:_:)`` returns: what was still there is
/// removed. <doc:Schedule-environments-of-your-own> shows it at work.
public struct EmbeddedInstance: Sendable {
    /// What everything that it makes is named and labelled by.
    package let id: InstanceID
    /// Where its environments are written down.
    public let store: any StateStore
    /// What its events are published on.
    public let bus: any EventBus
    let dependencies: WorkerDependencies
    let planners: PlannerRegistry
    let backend: any AntidoteBackend

    /// - Parameters:
    ///   - id: Names and labels everything that is made.
    ///   - backend: Builds every environment.
    ///   - planners: By kind of source: say what an environment is made of.
    ///   - vocabularies: By kind of source: the public names; a kind without any has `environment.ready` and so on.
    ///   - policy: The times and bounds of scheduling.
    ///   - store: An in-memory store where none is given.
    ///   - bus: What events are published on.
    ///   - time: What is taken for the time, and waited by.
    ///   - random: Where ids and jitter come from.
    ///   - logger: Where log lines go; nowhere where none is given.
    public init(
        id: InstanceID,
        backend: any AntidoteBackend,
        planners: [String: any EnvironmentPlanner],
        vocabularies: [String: any EventVocabulary] = [:],
        policy: SchedulingPolicy = SchedulingPolicy(),
        store: (any StateStore)? = nil,
        bus: any EventBus = InProcessBus(),
        time: TimeSource = .system,
        random: RandomSource = .system,
        logger: Logger = Logger(label: "antidote", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.id = id
        self.backend = backend
        self.bus = bus
        let store = store ?? InMemoryStateStore(time: time, random: random)
        self.store = store
        self.planners = PlannerRegistry(planners)
        dependencies = WorkerDependencies(
            instance: id,
            store: store,
            bus: bus,
            backends: [backend],
            vocabularies: EventVocabularies(vocabularies),
            policy: policy,
            time: time,
            random: random,
            telemetry: Telemetry(logger: logger, time: time)
        )
    }

    /// Runs the instance for as long as `body`, and removes all its environments afterwards, also when `body` throws
    /// or is cancelled. Throws what `body` throws, and adds to its `recovery` what could not be removed in time;
    /// throws only that where `body` was cancelled or did not throw.
    public func withRunning<Value: Sendable>(
        removalDeadline: Duration = .seconds(120),
        _ body: @Sendable (RunningInstance) async throws -> Value
    ) async throws -> Value {
        let running = RunningInstance(instance: self)
        // Our cancellation must not stop the services that clean up after us.
        let services = Task.shielded { try await runServices() }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(running))
        } catch {
            outcome = .failure(error)
        }
        let removal = Task.shielded { try await running.removeAll(within: removalDeadline) }
        let removed = await removal.result
        services.cancel()
        _ = await services.result
        if case .failure(let error) = outcome, case .failure(let remainder) = removed {
            throw EmbeddedInstance.joined(error, remainder)
        }
        let value = try outcome.get()
        try removed.get()
        return value
    }

    /// Who hears why something failed must hear too that something of it is left.
    private static func joined(_ error: any Error, _ remainder: any Error) -> any Error {
        if error is CancellationError { return remainder }
        guard var told = error as? AntidoteError else { return error }
        told.recovery = [told.recovery, "Besides, \(AntidoteError.wrapping(remainder).message)."]
            .compactMap(\.self).joined(separator: " ")
        return told
    }

    private func runServices() async throws {
        let scheduler = Scheduler(id: workerID("scheduler"), dependencies: dependencies, planners: planners)
        let collector = Collector(id: workerID("collector"), dependencies: dependencies)
        try await withThrowingTaskGroup(of: Void.self) { services in
            services.addTask { try await scheduler.run() }
            services.addTask { try await collector.run() }
            try await services.waitForAll()
        }
    }

    private func workerID(_ role: String) -> WorkerID {
        WorkerID(unchecked: "\(id)-\(role)-\(dependencies.random.base32(length: 8))")
    }
}

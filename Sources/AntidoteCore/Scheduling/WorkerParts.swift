/// What the workers of one instance share.
public struct WorkerParts: Sendable {
    public var instance: InstanceID
    public var store: any StateStore
    public var bus: any EventBus
    public var backends: [any AntidoteBackend]
    public var planner: any EnvironmentPlanner
    public var policy: SchedulingPolicy
    public var time: TimeSource
    public var random: RandomSource
    public var telemetry: Telemetry

    public init(
        instance: InstanceID,
        store: any StateStore,
        bus: any EventBus,
        backends: [any AntidoteBackend],
        planner: any EnvironmentPlanner,
        policy: SchedulingPolicy = SchedulingPolicy(),
        time: TimeSource,
        random: RandomSource,
        telemetry: Telemetry
    ) {
        self.instance = instance
        self.store = store
        self.bus = bus
        self.backends = backends
        self.planner = planner
        self.policy = policy
        self.time = time
        self.random = random
        self.telemetry = telemetry
    }

    var publisher: EventPublisher {
        EventPublisher(instance: instance, store: store, bus: bus, telemetry: telemetry)
    }

    /// What every log line and span about `row` carries.
    func attributes(of row: Environment) -> [String: String] {
        var attributes = row.telemetryAttributes
        attributes[AttributeKey.instance] = instance.rawValue
        attributes[AttributeKey.worker] = row.lease?.worker.rawValue
        return attributes
    }

    func backend(_ id: BackendID) throws -> any AntidoteBackend {
        guard let backend = backends.first(where: { $0.name == id }) else {
            throw AntidoteError(.unsupported, "this worker does not serve the backend \(id)")
        }
        return backend
    }
}

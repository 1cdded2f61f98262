/// What the workers of one instance share.
public struct WorkerParts: Sendable {
    /// What everything that they make is named and labelled by.
    public var instance: InstanceID
    /// Where environments are written down.
    public let store: any StateStore
    /// What events are published on.
    public let bus: any EventBus
    /// The backends that they drive.
    public var backends: [any AntidoteBackend]
    /// The planners by kind of source. A worker wakes by the events of these kinds.
    public var planners: PlannerRegistry
    /// The public names by kind of source.
    public var vocabularies: EventVocabularies
    /// The times and bounds that they keep to.
    public var policy: SchedulingPolicy
    /// What they take for the time, and wait by.
    public var time: TimeSource
    /// Where their random numbers come from.
    public var random: RandomSource
    /// What they tell of themselves.
    public var telemetry: Telemetry

    /// Every call to `store`, and every publication on `bus`, becomes a span.
    public init(
        instance: InstanceID,
        store: any StateStore,
        bus: any EventBus,
        backends: [any AntidoteBackend],
        planners: PlannerRegistry,
        vocabularies: EventVocabularies = [:],
        policy: SchedulingPolicy = SchedulingPolicy(),
        time: TimeSource,
        random: RandomSource,
        telemetry: Telemetry
    ) {
        self.instance = instance
        let attributes = [AttributeKey.instance: instance.rawValue]
        self.store = TracedStateStore(
            base: store,
            telemetry: telemetry,
            attributes: attributes,
            vocabularies: vocabularies
        )
        self.bus = TracedEventBus(base: bus, telemetry: telemetry, attributes: attributes)
        self.backends = backends
        self.planners = planners
        self.vocabularies = vocabularies
        self.policy = policy
        self.time = time
        self.random = random
        self.telemetry = telemetry
    }

    package var publisher: EventPublisher { EventPublisher(parts: self) }

    /// The vocabularies of the kinds that the workers plan for.
    var knownVocabularies: [any EventVocabulary] { vocabularies.vocabularies(of: planners.kinds) }

    /// A write to the store. Once begun it is finished, also by a worker that is told to stop meanwhile: otherwise what
    /// it held would be nobody's until its lease ends.
    package func write<Value: Sendable>(
        _ operation: @escaping @Sendable (any StateStore) async throws -> Value
    ) async throws -> Value {
        if store.answersAtOnce { return try await operation(store) }
        return try await time.shielded(atMost: policy.storeDeadline, onTimeout: storeIsSilent) {
            try await operation(store)
        }
    }

    /// Any other call to the store. One that got no answer for ever would keep what its worker holds under a lease that
    /// is renewed and renewed.
    package func ask<Value: Sendable>(
        _ operation: @escaping @Sendable (any StateStore) async throws -> Value
    ) async throws -> Value {
        if store.answersAtOnce { return try await operation(store) }
        return try await time.withDeadline(policy.storeDeadline, onTimeout: storeIsSilent) {
            try await operation(store)
        }
    }

    /// Gives `operation` up when `limit` is over, with an error that says what did not happen by then.
    func within<Value: Sendable>(
        _ limit: Duration,
        _ code: AntidoteError.Code = .deadlineExceeded,
        orSay what: String,
        recovery: String,
        subject: String? = nil,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await time.withDeadline(
            limit,
            onTimeout: AntidoteError(
                code,
                "\(what) within \(Int(limit.inSeconds)) seconds",
                recovery: recovery,
                subject: subject
            ),
            operation: operation
        )
    }

    private var storeIsSilent: AntidoteError {
        AntidoteError(
            .storeUnavailable,
            "the store did not answer within \(Int(policy.storeDeadline.inSeconds)) seconds",
            recovery: "See that the database answers: the work is taken up again."
        )
    }

    /// What every log line and span about `row` carries.
    func attributes(of row: Environment) -> [String: String] {
        var attributes = row.telemetryAttributes(in: vocabularies[row.source.kind])
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

/// What the schedulers and collectors of one instance share.
package struct WorkerDependencies: Sendable {
    /// Names and labels everything that is built.
    package let instance: InstanceID
    /// The backends that the workers drive.
    package let backends: [any AntidoteBackend]
    /// Deadlines, intervals and limits.
    package let policy: SchedulingPolicy
    let time: TimeSource
    package let random: RandomSource
    let telemetry: Telemetry
    package let store: StoreAccess
    package let publisher: EventPublisher

    /// Every call to `store`, and every publication on `bus`, becomes a span.
    ///
    /// - Parameters:
    ///   - instance: Names and labels everything that is built.
    ///   - store: Keeps the environments.
    ///   - bus: Carries events and wakes.
    ///   - backends: The backends that the workers drive.
    ///   - vocabularies: The public names by kind of source.
    ///   - policy: Deadlines, intervals and limits.
    ///   - time: The clock.
    ///   - random: Draws jitter.
    ///   - telemetry: Receives log lines, metrics and spans.
    package init(
        instance: InstanceID,
        store: any StateStore,
        bus: any EventBus,
        backends: [any AntidoteBackend],
        vocabularies: EventVocabularies = [:],
        policy: SchedulingPolicy = SchedulingPolicy(),
        time: TimeSource,
        random: RandomSource,
        telemetry: Telemetry
    ) {
        self.instance = instance
        self.backends = backends
        self.policy = policy
        self.time = time
        self.random = random
        self.telemetry = telemetry
        self.store = StoreAccess(
            store,
            deadline: policy.storeDeadline,
            instance: instance,
            vocabularies: vocabularies,
            time: time,
            telemetry: telemetry
        )
        publisher = EventPublisher(
            instance: instance,
            store: self.store,
            bus: bus,
            deadline: policy.busDeadline,
            vocabularies: vocabularies,
            time: time,
            telemetry: telemetry
        )
    }

    /// What every log line and span about `row` carries.
    func attributes(of row: Environment) -> [String: String] {
        var attributes = row.telemetryAttributes(in: publisher.vocabularies[row.source.kind])
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

extension TimeSource {
    /// Cancels `operation` after `limit`, and throws an error that says what did not happen by then.
    func within<Value: Sendable>(
        _ limit: Duration,
        _ code: AntidoteError.Code = .deadlineExceeded,
        orSay what: String,
        recovery: String,
        subject: String? = nil,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withDeadline(
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
}

/// Calls the store, each call within one deadline and as one span.
///
/// This is the only deadline that a client puts on a call to the store. Limits around several calls, such as that of an
/// HTTP request, cancel the call under way; the database's own limits hold on the server whether the client waits or not.
package struct StoreAccess: Sendable {
    package let store: any StateStore
    private let deadline: Duration
    private let instance: InstanceID
    private let time: TimeSource
    private let telemetry: Telemetry

    /// - Parameters:
    ///   - deadline: How long one call may take.
    ///   - vocabularies: Name the sources that spans are about.
    package init(
        _ store: any StateStore,
        deadline: Duration,
        instance: InstanceID,
        vocabularies: EventVocabularies,
        time: TimeSource,
        telemetry: Telemetry
    ) {
        let tracer = StoreTracer(
            telemetry: telemetry,
            attributes: [AttributeKey.instance: instance.rawValue],
            vocabularies: vocabularies
        )
        self.store = InterceptedStore(store, tracer)
        self.deadline = deadline
        self.instance = instance
        self.time = time
        self.telemetry = telemetry
    }

    var id: StoreID { store.id }

    /// A write to the store. Once begun it is finished even if the task is cancelled: rows of a claim whose answer is
    /// dropped would otherwise be blocked until their leases end.
    package func write<Value: Sendable>(
        _ operation: @escaping @Sendable (any StateStore) async throws -> Value
    ) async throws -> Value {
        if store.answersAtOnce { return try await operation(store) }
        return try await time.shielded(atMost: deadline, onTimeout: storeIsSilent) {
            try await operation(store)
        }
    }

    /// Any other call to the store. Without a deadline, one that is never answered would keep its environment under a
    /// lease that is renewed indefinitely.
    package func ask<Value: Sendable>(
        _ operation: @escaping @Sendable (any StateStore) async throws -> Value
    ) async throws -> Value {
        if store.answersAtOnce { return try await operation(store) }
        return try await time.withDeadline(deadline, onTimeout: storeIsSilent) {
            try await operation(store)
        }
    }

    /// A call that ``StateStore`` has no function for, as a span of that name.
    package func ask<Value: Sendable>(
        _ name: String,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await measure(name) { try await ask { _ in try await operation() } }
    }

    private func measure<Value>(_ name: String, operation: () async throws -> Value) async throws -> Value {
        try await telemetry.measure(
            "store \(name)",
            [AttributeKey.instance: instance.rawValue],
            operation: operation
        )
    }

    private var storeIsSilent: AntidoteError {
        AntidoteError(
            .storeUnavailable,
            "the store did not answer within \(Int(deadline.inSeconds)) seconds",
            recovery: "See that the database answers: the work is taken up again."
        )
    }
}

/// A bus whose publications are spans. Subscriptions are not: they last as long as whoever listens.
struct TracedEventBus: EventBus {
    let base: any EventBus
    let telemetry: Telemetry
    let attributes: [String: String]

    var answersAtOnce: Bool { base.answersAtOnce }

    func publish(_ message: BusMessage) async throws {
        try await telemetry.measure(
            "bus publish",
            attributes.merging([AttributeKey.subject: message.subject]) { $1 },
            continuing: message.headers
        ) {
            try await base.publish(message)
        }
    }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try await base.withSubscription(to: pattern, queue: queue, body)
    }
}

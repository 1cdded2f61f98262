public import AntidoteCore

/// A bus all of whose messages are recorded: events, progress and wakes, with their headers.
public struct RecordedBus: EventBus {
    private let base: any EventBus

    public init(_ base: any EventBus) { self.base = base }

    public func publish(_ message: BusMessage) async throws {
        let payload = String(decoding: message.payload, as: UTF8.self)
        Record.write(.events, "\(message.subject) \(message.headers) \(payload)")
        try await base.publish(message)
    }

    public func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try await base.withSubscription(to: pattern, queue: queue, body)
    }
}

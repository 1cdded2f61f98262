import AntidoteCore

/// Refuses everything.
struct DeadBus: EventBus {
    func publish(_ message: BusMessage) async throws { throw AntidoteError(.backendUnavailable, "no bus") }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        throw AntidoteError(.backendUnavailable, "no bus")
    }
}

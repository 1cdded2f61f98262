import AntidoteCore
import Synchronization

/// A bus that counts the messages on one subject as they are published: whoever counts as a subscriber would cost more
/// than what is measured.
final class CountingBus: EventBus {
    private let base = InProcessBus()
    private let state = Mutex(State())

    private struct State {
        var subject = ""
        var missing = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    var answersAtOnce: Bool { base.answersAtOnce }

    /// Begins to count anew.
    func expect(_ count: Int, on subject: String) {
        state.withLock { state in
            state.subject = subject
            state.missing = count
        }
    }

    /// Returns when all that was expected has come.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.missing > 0 { state.waiter = continuation }
                return state.missing <= 0
            }
            if isOver { continuation.resume() }
        }
    }

    func publish(_ message: BusMessage) async throws {
        try await base.publish(message)
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard message.subject == state.subject else { return nil }
            state.missing -= 1
            guard state.missing == 0 else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try await base.withSubscription(to: pattern, queue: queue, body)
    }
}

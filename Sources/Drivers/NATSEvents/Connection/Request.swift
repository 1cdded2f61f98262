import AntidoteCore
import Synchronization

/// Something that the engine is asked to do, and what came of it.
final class Request: Sendable {
    enum Work: Sendable {
        case publish(BusMessage)
        case subscribe(Subscription)
        case unsubscribe(Subscription)
        /// Nothing but an answer.
        case ping
    }

    private enum State {
        case open
        case awaited(CheckedContinuation<Void, any Error>)
        case over(Result<Void, any Error>)
    }

    let work: Work
    private let state = Mutex(State.open)

    init(_ work: Work) { self.work = work }

    /// Nobody waits for it any more.
    var isOver: Bool { state.withLock { if case .over = $0 { true } else { false } } }

    /// Whether it must be done although nobody waits for it.
    var isEnding: Bool { if case .unsubscribe = work { true } else { false } }

    /// How many bytes it sends, about.
    var size: Int { if case .publish(let message) = work { message.payload.count } else { 0 } }

    /// What was said first counts.
    func end(_ result: Result<Void, any Error>) {
        let waiting: CheckedContinuation<Void, any Error>? = state.withLock { state in
            switch state {
            case .over: return nil
            case .open:
                state = .over(result)
                return nil
            case .awaited(let continuation):
                state = .over(result)
                return continuation
            }
        }
        waiting?.resume(with: result)
    }

    /// Waits for the end; a task that is cancelled waits no longer.
    func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if case .over(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            end(.failure(CancellationError()))
        }
    }
}

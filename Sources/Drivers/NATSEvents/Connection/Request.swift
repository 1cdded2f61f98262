import AntidoteCore
import ConcurrencyKit

/// Something that the engine is asked to do, and what came of it.
final class Request: Sendable {
    enum Work: Sendable {
        case publish(BusMessage)
        case subscribe(Subscription)
        case unsubscribe(Subscription)
        /// Nothing but an answer.
        case ping
    }

    let work: Work
    private let waiter = Waiter<Void>()

    init(_ work: Work) { self.work = work }

    /// Nobody waits for it any more.
    var isOver: Bool { waiter.isFinished }

    /// Whether it must be done although nobody waits for it.
    var isEnding: Bool { if case .unsubscribe = work { true } else { false } }

    /// How many bytes it sends, about.
    var size: Int { if case .publish(let message) = work { message.payload.count } else { 0 } }

    /// The first result counts.
    func end(_ result: Result<Void, any Error>) { waiter.resume(with: result) }

    /// Waits for the end; a task that is cancelled waits no longer.
    func wait() async throws { try await waiter.value() }
}

import ConcurrencyKit
import Metrics
import Synchronization

/// A bus within one process.
///
/// A final class over a `Mutex` and not an actor: a shared world must not stop because one of its users does.
public final class InProcessBus: EventBus {
    public let answersAtOnce = true
    private let state = Mutex(State())
    private let limits: BusLimits
    private let dropped = Counter(label: "antidote_bus_dropped_messages", dimensions: [("reason", "slow")])

    private struct State {
        var nextID = 0
        var subscribers: [Subscriber] = []
        /// Whose turn it is in each queue.
        var turns: [String: Int] = [:]
    }

    private struct Subscriber {
        var id: Int
        var pattern: SubjectPattern
        var queue: String?
        var continuation: AsyncStream<BusMessage>.Continuation
    }

    /// A bus that nobody else is on.
    public init(limits: BusLimits = BusLimits()) { self.limits = limits }

    public func publish(_ message: BusMessage) async throws {
        let message = try message.carried(within: limits)
        await Task.schedulingPoint()
        for continuation in receivers(of: message) {
            if case .dropped = continuation.yield(message) { dropped.increment() }
        }
        await Task.schedulingPoint()
    }

    public func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String? = nil,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try pattern.validate(queue: queue)
        let (stream, continuation) = AsyncStream.makeStream(
            of: BusMessage.self,
            bufferingPolicy: .bufferingNewest(limits.pendingMessages)
        )
        let id = state.withLock { state in
            state.nextID += 1
            state.subscribers.append(
                Subscriber(id: state.nextID, pattern: pattern, queue: queue, continuation: continuation)
            )
            return state.nextID
        }
        defer {
            state.withLock { $0.subscribers.removeAll { $0.id == id } }
            continuation.finish()
        }
        return try await body(stream)
    }

    private func receivers(of message: BusMessage) -> [AsyncStream<BusMessage>.Continuation] {
        state.withLock { state in
            let interested = state.subscribers.filter { $0.pattern.matches(message.subject) }
            guard interested.contains(where: { $0.queue != nil }) else { return interested.map(\.continuation) }
            var chosen = interested.filter { $0.queue == nil }
            for queue in Set(interested.compactMap(\.queue)).sorted() {
                let members = interested.filter { $0.queue == queue }
                let turn = state.turns[queue, default: 0]
                state.turns[queue] = turn + 1
                chosen.append(members[turn % members.count])
            }
            return chosen.map(\.continuation)
        }
    }
}

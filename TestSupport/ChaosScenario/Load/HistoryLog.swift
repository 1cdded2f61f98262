import Synchronization

/// Every request and its answer, in the order in which they ended.
final class HistoryLog: Sendable {
    private let exchanges = Mutex<[Exchange]>([])

    var all: [Exchange] { exchanges.withLock { $0 } }

    func add(_ exchange: Exchange) { exchanges.withLock { $0.append(exchange) } }
}

package import ConcurrencyKit

/// The pool's state: idle and leased items, and a FIFO queue of callers that wait for one.
package struct PoolState<Item: Sendable> {
    /// The answer to a caller that asks for an item.
    package enum Answer {
        case leased(Item)
        /// The pool has room for another item: make it.
        case new
        case wait(Waiter<Item>)
        case closed
    }

    private let size: Int
    private var idle: [Item] = []
    private var isClosed = false
    private var waiters = WaiterQueue<Item>()
    /// No waiters of the kit: closing the pool waits for all items, also when its task is cancelled.
    private var closing: [CheckedContinuation<Void, Never>] = []
    /// The number of items, those about to be made included.
    private(set) var count = 0

    package init(size: Int) { self.size = size }

    package var leased: Int { count - idle.count }
    package var waiting: Int { waiters.count }

    /// Leases an item, reserves room for a new one, or adds the caller to the queue.
    package mutating func reserve() -> Answer {
        if isClosed { return .closed }
        if !waiters.isEmpty { return .wait(waiters.append()) }
        // The one that was used last is the least likely to have been forgotten by the network.
        if let item = idle.popLast() { return .leased(item) }
        guard count < size else { return .wait(waiters.append()) }
        count += 1
        return .new
    }

    /// Leases `item` to the next waiter, or keeps it. Returns the tasks to resume: that waiter, or those that wait for the
    /// end, if it was the last one.
    package mutating func giveBack(_ item: Item) -> [Wakeup] {
        if let waiter = waiters.handToFirst(item) { return [waiter] }
        idle.append(item)
        return takeClosing()
    }

    /// Takes back the room of an item that could not be made. Waiters go on waiting for the other items; without any, they
    /// get the error. Returns the tasks to resume.
    package mutating func connectFailed(_ error: any Error) -> [Wakeup] {
        count -= 1
        return (count == 0 ? waiters.endAll(with: .failure(error)) : []) + takeClosing()
    }

    /// Leases no more items, and refuses all waiters. Returns the tasks to resume.
    package mutating func close(_ error: any Error) -> [Wakeup] {
        isClosed = true
        return waiters.endAll(with: .failure(error))
    }

    /// Returns true if no item is leased; otherwise the continuation is resumed when all are back.
    package mutating func whenAllAreBack(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
        if leased == 0 { return true }
        closing.append(continuation)
        return false
    }

    package mutating func takeAll() -> [Item] {
        defer { idle = [] }
        count -= idle.count
        return idle
    }

    private mutating func takeClosing() -> [Wakeup] {
        guard leased == 0 else { return [] }
        defer { closing = [] }
        return closing.map { continuation in Wakeup { continuation.resume() } }
    }
}

/// Who has an item and who waits for one, first come, first served: the pool's state, a value.
package struct LendingDesk<Item: Sendable> {
    package typealias Waiter = CheckedContinuation<Item, any Error>

    /// What happens to somebody who asks.
    package enum Answer {
        case lent(Item)
        /// There may be one more: make it.
        case new
        case wait
        /// Whoever asks has left meanwhile.
        case left
        case closed
    }

    private let size: Int
    private var idle: [Item] = []
    private var isClosed = false
    /// Places that were drawn and are not taken yet: cancellation may come first.
    private var drawn: Set<Int> = []
    private var lastPlace = 0
    private var line: [Int: Waiter] = [:]
    /// Their order. Who has left is still in it.
    private var order: [Int] = []
    private var served = 0
    private var closing: [CheckedContinuation<Void, Never>] = []
    /// How many there are, those about to be made included.
    private(set) var count = 0

    package init(size: Int) { self.size = size }

    package var lent: Int { count - idle.count }
    package var waiting: Int { line.count }

    /// For somebody new, who comes after all who wait.
    package mutating func take() -> Answer {
        if isClosed { return .closed }
        if !line.isEmpty { return .wait }
        // The one that was used last is the least likely to have been forgotten by the network.
        if let item = idle.popLast() { return .lent(item) }
        guard count < size else { return .wait }
        count += 1
        return .new
    }

    package mutating func drawPlace() -> Int {
        lastPlace += 1
        drawn.insert(lastPlace)
        return lastPlace
    }

    /// One may have become free since it was said to wait.
    package mutating func enter(_ place: Int, _ waiter: Waiter) -> Answer {
        guard drawn.remove(place) != nil else { return .left }
        let answer = take()
        if case .wait = answer {
            line[place] = waiter
            order.append(place)
        }
        return answer
    }

    /// Who waited there, if anybody does still.
    package mutating func leave(_ place: Int) -> Waiter? {
        drawn.remove(place)
        return line.removeValue(forKey: place)
    }

    /// Who is to have it next, and who waits for the end, if this was the last one.
    package mutating func giveBack(_ item: Item) -> (Waiter?, [CheckedContinuation<Void, Never>]) {
        if let waiter = nextWaiter() { return (waiter, []) }
        idle.append(item)
        return (nil, takeClosing())
    }

    /// One could not be made. Who waits for another one goes on waiting; where there is none, nobody would come.
    package mutating func giveUpPlace() -> ([Waiter], [CheckedContinuation<Void, Never>]) {
        count -= 1
        return (count == 0 ? takeLine() : [], takeClosing())
    }

    /// Those who wait, who are to be refused.
    package mutating func close() -> [Waiter] {
        isClosed = true
        return takeLine()
    }

    /// True if all are back; otherwise the continuation is resumed when they are.
    package mutating func whenAllAreBack(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
        if lent == 0 { return true }
        closing.append(continuation)
        return false
    }

    package mutating func takeAll() -> [Item] {
        defer { idle = [] }
        count -= idle.count
        return idle
    }

    private mutating func nextWaiter() -> Waiter? {
        while served < order.count {
            let place = order[served]
            served += 1
            // What was served is forgotten now and then.
            if served > 64, served * 2 > order.count {
                order.removeFirst(served)
                served = 0
            }
            if let waiter = line.removeValue(forKey: place) { return waiter }
        }
        return nil
    }

    private mutating func takeLine() -> [Waiter] {
        defer {
            line = [:]
            order = []
            served = 0
        }
        return order.dropFirst(served).compactMap { line[$0] }
    }

    private mutating func takeClosing() -> [CheckedContinuation<Void, Never>] {
        guard lent == 0 else { return [] }
        defer { closing = [] }
        return closing
    }
}

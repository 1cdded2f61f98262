import ConcurrencyKit

/// Which rows are due when, for one role on one backend.
struct DueIndex {
    private struct Moment: Comparable {
        var time: Timestamp
        var ticket: Int64

        static func < (left: Moment, right: Moment) -> Bool {
            left.time == right.time ? left.ticket < right.ticket : left.time < right.time
        }
    }

    // A lease that is renewed again and again leaves an outdated entry each time.
    private var heap = KeyedHeap<EnvironmentID, Moment>(slack: 64)

    /// `nil`: not due at all.
    mutating func set(_ id: EnvironmentID, ticket: Int64, moment: Timestamp?) {
        heap.set(moment.map { Moment(time: $0, ticket: ticket) }, for: id)
    }

    /// The number of entries, outdated ones included.
    var count: Int { heap.entryCount }

    mutating func earliest() -> Timestamp? { heap.first()?.priority.time }

    /// The rows that are due by `now`, the longest due first, at most `limit`.
    mutating func due(by now: Timestamp, limit: Int) -> [EnvironmentID] {
        var found: [(key: EnvironmentID, priority: Moment)] = []
        while found.count < limit, let next = heap.first(), next.priority.time <= now {
            found.append(next)
            _ = heap.popFirst { _ in true }
        }
        // They stay in the index until they are claimed.
        for (id, moment) in found { heap.set(moment, for: id) }
        return found.map(\.key)
    }
}

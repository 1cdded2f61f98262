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

    /// Takes the first row that is due by `now` out of the index.
    mutating func popDue(by now: Timestamp) -> EnvironmentID? { heap.popFirst { $0.time <= now } }
}

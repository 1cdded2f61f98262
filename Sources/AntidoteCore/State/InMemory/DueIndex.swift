/// Which rows are due when, for one role on one backend. Old entries stay until they come up, and are then skipped.
struct DueIndex {
    private var heap = Heap<Entry>()
    private var current: [EnvironmentID: Entry] = [:]

    private static let slack = 64

    private struct Entry: Comparable {
        var moment: Timestamp
        var ticket: Int64
        var id: EnvironmentID

        static func < (left: Entry, right: Entry) -> Bool {
            left.moment == right.moment ? left.ticket < right.ticket : left.moment < right.moment
        }
    }

    /// `nil`: not due at all.
    mutating func set(_ id: EnvironmentID, ticket: Int64, moment: Timestamp?) {
        let entry = moment.map { Entry(moment: $0, ticket: ticket, id: id) }
        guard current[id] != entry else { return }
        current[id] = entry
        guard let entry else { return }
        heap.insert(entry)
        // A lease that is renewed again and again leaves an entry each time.
        if heap.count > 2 * current.count + DueIndex.slack { heap = Heap(current.values) }
    }

    /// How many entries there are, old ones included.
    var count: Int { heap.count }

    mutating func earliest() -> Timestamp? {
        skipOldEntries()
        return heap.first?.moment
    }

    /// Takes the first row that is due by `now` out of the index.
    mutating func popDue(by now: Timestamp) -> EnvironmentID? {
        skipOldEntries()
        guard let first = heap.first, first.moment <= now else { return nil }
        _ = heap.popFirst()
        current[first.id] = nil
        return first.id
    }

    private mutating func skipOldEntries() {
        while let first = heap.first, current[first.id] != first { _ = heap.popFirst() }
    }
}

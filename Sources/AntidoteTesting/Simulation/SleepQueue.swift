/// Who sleeps until when, in virtual microseconds; of one moment, in the order of the calls.
struct SleepQueue {
    enum Sleeper {
        case task(UnsafeContinuation<Void, any Error>)
        case action(@Sendable () -> Void)
    }

    private struct Entry {
        var moment: Int64
        var id: Int

        func isLater(than other: Entry) -> Bool {
            moment == other.moment ? id > other.id : moment > other.moment
        }
    }

    /// The earliest is the last. One whose sleeper is gone is skipped when it comes up.
    private var entries: [Entry] = []
    private var sleepers: [Int: Sleeper] = [:]

    var count: Int { sleepers.count }

    mutating func add(_ sleeper: Sleeper, id: Int, until moment: Int64) {
        let entry = Entry(moment: moment, id: id)
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].isLater(than: entry) { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
        sleepers[id] = sleeper
    }

    mutating func remove(_ id: Int) -> Sleeper? { sleepers.removeValue(forKey: id) }

    /// The next moment that somebody sleeps for.
    mutating func earliest() -> Int64? {
        while let last = entries.last {
            if sleepers[last.id] != nil { return last.moment }
            entries.removeLast()
        }
        return nil
    }

    /// Takes out all who sleep until `moment` or less.
    mutating func takeDue(by moment: Int64) -> [Sleeper] {
        var due: [Sleeper] = []
        while let last = entries.last, last.moment <= moment {
            entries.removeLast()
            if let sleeper = sleepers.removeValue(forKey: last.id) { due.append(sleeper) }
        }
        return due
    }
}

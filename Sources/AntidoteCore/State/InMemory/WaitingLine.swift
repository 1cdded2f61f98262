import ConcurrencyKit

/// The queued rows of one backend: a line for each source, each in the order of the tickets.
///
/// So that the long line of a source at its limit is skipped as a whole.
struct WaitingLine {
    private var lines: [String: Queue<Entry>] = [:]
    private(set) var count = 0

    private struct Entry {
        var ticket: Int64
        var id: EnvironmentID
    }

    /// `row` has the highest ticket so far.
    mutating func append(_ row: Environment) {
        lines[row.source.capacityKey, default: Queue()].append(Entry(ticket: row.ticket, id: row.id))
        count += 1
    }

    mutating func remove(_ row: Environment) {
        let key = row.source.capacityKey
        guard var line = lines.removeValue(forKey: key) else { return }
        if line.removeFirst(where: { $0.ticket == row.ticket }) != nil { count -= 1 }
        if !line.isEmpty { lines[key] = line }
    }

    /// The row with the lowest ticket of those whose source `hasRoom` agrees to, and that nobody holds; it stays in line.
    func first(where hasRoom: (EnvironmentID) -> Bool, isFree: (EnvironmentID) -> Bool) -> EnvironmentID? {
        var first: Entry?
        for line in lines.values {
            guard let head = line.first, hasRoom(head.id) else { continue }
            guard let entry = line.elements.first(where: { isFree($0.id) }) else { continue }
            if entry.ticket < first?.ticket ?? .max { first = entry }
        }
        return first?.id
    }
}

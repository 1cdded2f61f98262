/// The queued rows of one backend: a line for each source, each in the order of the tickets.
///
/// So that the long line of a source at its limit is skipped as a whole.
struct WaitingLine {
    private var lines: [String: Line] = [:]
    private(set) var count = 0

    private struct Entry {
        var ticket: Int64
        var id: EnvironmentID
    }

    private struct Line {
        var entries: [Entry] = []
        /// Those before are gone: taking the first one moves nothing.
        var head = 0
    }

    /// `row` has the highest ticket so far.
    mutating func append(_ row: Environment) {
        lines[row.source.capacityKey, default: Line()].entries.append(Entry(ticket: row.ticket, id: row.id))
        count += 1
    }

    mutating func remove(_ row: Environment) {
        let key = row.source.capacityKey
        guard var line = lines.removeValue(forKey: key) else { return }
        if let index = line.entries[line.head...].firstIndex(where: { $0.ticket == row.ticket }) {
            count -= 1
            if index == line.head { line.head += 1 } else { line.entries.remove(at: index) }
        }
        if line.head > 64, line.head > line.entries.count / 2 {
            line.entries.removeFirst(line.head)
            line.head = 0
        }
        if line.head < line.entries.count { lines[key] = line }
    }

    /// The row with the lowest ticket of those whose source `hasRoom` agrees to, and that nobody holds; it stays in line.
    func first(where hasRoom: (EnvironmentID) -> Bool, isFree: (EnvironmentID) -> Bool) -> EnvironmentID? {
        var first: Entry?
        for line in lines.values where hasRoom(line.entries[line.head].id) {
            guard let entry = line.entries[line.head...].first(where: { isFree($0.id) }) else { continue }
            if entry.ticket < first?.ticket ?? .max { first = entry }
        }
        return first?.id
    }
}

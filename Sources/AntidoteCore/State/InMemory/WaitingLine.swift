import ConcurrencyKit

/// The queued rows of one backend: a line for each source, each in the order of the tickets.
///
/// So that the long line of a source at its limit is skipped as a whole.
struct WaitingLine {
    private var lines: [Source: Queue<Entry>] = [:]
    private(set) var count = 0

    private struct Entry {
        var ticket: Int64
        var id: EnvironmentID
        var source: EnvironmentSource
        var backend: BackendID
    }

    /// All versions of a source stand in one line.
    private struct Source: Hashable {
        var kind: String
        var name: String

        init(_ row: Environment) {
            kind = row.source.kind
            name = row.source.name
        }
    }

    /// `row` has the highest ticket so far.
    mutating func append(_ row: Environment) {
        let entry = Entry(ticket: row.ticket, id: row.id, source: row.source, backend: row.backend)
        lines[Source(row), default: Queue()].append(entry)
        count += 1
    }

    mutating func remove(_ row: Environment) {
        guard var line = lines.removeValue(forKey: Source(row)) else { return }
        if line.removeFirst(where: { $0.ticket == row.ticket }) != nil { count -= 1 }
        if !line.isEmpty { lines[Source(row)] = line }
    }

    /// The rows with the lowest tickets that there is room for and that nobody holds, at most `limit`. They stay in line,
    /// and are counted in `held`.
    func first(
        _ limit: Int,
        within limits: AdmissionLimits,
        _ held: inout HeldCapacity,
        isFree: (EnvironmentID) -> Bool
    ) -> [EnvironmentID] {
        guard limit > 0 else { return [] }
        var found: [Entry] = []
        for line in lines.values {
            guard let head = line.first else { continue }
            let room = min(limit, held.room(for: head.source, on: head.backend, within: limits))
            guard room > 0 else { continue }
            var free = 0
            for entry in line.elements where isFree(entry.id) {
                found.append(entry)
                free += 1
                if free == room { break }
            }
        }
        var taken: [EnvironmentID] = []
        for entry in found.sorted(by: { $0.ticket < $1.ticket }) where taken.count < limit {
            guard held.room(for: entry.source, on: entry.backend, within: limits) > 0 else { continue }
            held.add(1, of: entry.source, on: entry.backend)
            taken.append(entry.id)
        }
        return taken
    }
}

import AntidoteCore

/// The rows that a transaction holds, and what it has made of them so far. A value.
struct Workspace {
    private var rows: [EnvironmentID: StoredEnvironment] = [:]
    private var events: [EnvironmentEvent] = []
    /// The store's time, for all that the transaction does.
    let now: Timestamp

    init(_ rows: [StoredEnvironment], now: Timestamp) {
        for row in rows { self.rows[row.row.id] = row }
        self.now = now
    }

    subscript(id: EnvironmentID) -> Environment? { rows[id]?.row }

    /// In no order.
    var all: [Environment] { rows.values.map(\.row) }

    mutating func insert(_ row: Environment) { rows[row.id] = StoredEnvironment(new: row) }

    /// Changes a row, and numbers the events that `change` returns.
    @discardableResult
    mutating func update(
        _ id: EnvironmentID,
        _ change: (inout Environment) throws -> [EnvironmentEvent.Kind]
    ) rethrows -> (row: Environment, events: [EnvironmentEvent])? {
        guard var stored = rows[id] else { return nil }
        let new = try change(&stored.row).map { kind in
            stored.row.eventCount += 1
            return EnvironmentEvent(kind, about: stored.row, sequence: stored.row.eventCount, time: now)
        }
        rows[id] = stored
        events += new
        return (stored.row, new)
    }

    /// Makes `change` if its rule allows it. `nil`: it was refused, or the row is not held.
    @discardableResult
    mutating func change(
        _ id: EnvironmentID,
        _ change: EnvironmentChange
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        var changed = rows[id]?.row
        guard changed?.apply(change, now: now) != nil else { return nil }
        return update(id) { [now] in $0.apply(change, now: now) ?? [] }
    }

    /// What is to be written.
    var writer: RowWriter {
        RowWriter(rows: rows.values.sorted { $0.row.id < $1.row.id }, events: events)
    }
}

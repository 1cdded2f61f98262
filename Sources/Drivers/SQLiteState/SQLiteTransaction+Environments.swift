#if SQLite
import AntidoteCore
import GRDB

extension SQLiteTransaction {
    func environment(_ id: EnvironmentID) throws -> Environment? {
        try environments("id = ?", [id.rawValue]).first
    }

    /// The rows for which `condition` holds.
    func environments(_ condition: String, _ arguments: StatementArguments) throws -> [Environment] {
        let rows: [String] = try values("SELECT row FROM antidote_environments WHERE \(condition)", arguments)
        return try rows.map { try Self.decode($0, "an environment") }
    }

    /// Writes a new row, which waits, with its first event.
    func insert(_ row: Environment, address: String?) throws -> (row: Environment, events: [EnvironmentEvent]) {
        var row = row
        let events = try append([.admitted], about: &row)
        try execute(
            """
            INSERT INTO antidote_environments (
                ticket, id, owner, address, backend, source_kind, source_name, source_version,
                phase, is_queued, is_shared, lease_ends, due_scheduler, due_collector, closed_at, row
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                row.ticket, row.id.rawValue, row.owner.rawValue, address, row.backend.rawValue,
                row.source.kind, row.source.name, row.source.version,
            ] + (try columns(of: row))
        )
        try add(1, to: .queue)
        return (row, events)
    }

    /// Changes a row, keeps all that it is found and counted by, and writes the events that `change` returns.
    func update(
        _ before: Environment,
        _ change: (inout Environment) -> [EnvironmentEvent.Kind]
    ) throws -> (row: Environment, events: [EnvironmentEvent]) {
        var row = before
        let events = try append(change(&row), about: &row)
        guard row != before else { return (row, events) }
        try execute(
            """
            UPDATE antidote_environments SET
                phase = ?, is_queued = ?, is_shared = ?, lease_ends = ?, due_scheduler = ?, due_collector = ?,
                closed_at = ?, row = ?
            WHERE ticket = ?
            """,
            try columns(of: row) + [row.ticket]
        )
        if before.phase.awaitsCapacity, !row.phase.awaitsCapacity { try add(-1, to: .queue) }
        if before.holdsCapacity != row.holdsCapacity {
            let amount = row.holdsCapacity ? 1 : -1
            try add(amount, to: .instance)
            try add(amount, to: .backend(row.backend))
            try add(amount, to: .source(row.source))
        }
        return (row, events)
    }

    /// Makes `change` if its rule allows it. `nil`: it was refused.
    @discardableResult
    func change(
        _ row: Environment,
        _ change: EnvironmentChange
    ) throws -> (row: Environment, events: [EnvironmentEvent])? {
        var changed = row
        guard changed.apply(change, now: now) != nil else { return nil }
        return try update(row) { $0.apply(change, now: now) ?? [] }
    }

    private func columns(of row: Environment) throws -> StatementArguments {
        let evaluation = Lifecycle.evaluate(row, now: now)
        func due(_ role: WorkerRole) -> Int64? {
            evaluation.role == role ? evaluation.claimableAt?.microseconds : nil
        }
        return [
            row.phase.rawValue, evaluation.awaitsCapacity, evaluation.isRunning, row.lease?.endsAt.microseconds,
            due(.scheduler), due(.collector),
            row.phase == .closed ? row.phaseSince.microseconds : nil,
            try Self.encode(row),
        ]
    }

    /// The events that tell of a change, numbered and stored.
    private func append(
        _ kinds: [EnvironmentEvent.Kind],
        about row: inout Environment
    ) throws -> [EnvironmentEvent] {
        var events: [EnvironmentEvent] = []
        for kind in kinds {
            row.eventCount += 1
            let event = EnvironmentEvent(kind, about: row, sequence: row.eventCount, time: now)
            try execute(
                """
                INSERT INTO antidote_events (environment, sequence, time, owner, is_published, event)
                VALUES (?, ?, ?, ?, 0, ?)
                """,
                [
                    row.id.rawValue, event.sequence, now.microseconds, row.owner.rawValue,
                    try Self.encode(event),
                ]
            )
            events.append(event)
        }
        return events
    }
}
#endif

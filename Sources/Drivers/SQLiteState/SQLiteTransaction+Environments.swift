#if SQLite
@_spi(StoreKit) import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteTransaction {
    func environment(_ id: EnvironmentID) throws -> Environment? {
        try environments("id = ?", [id.rawValue]).first
    }

    /// The rows for which `condition` holds.
    func environments(_ condition: String, _ arguments: StatementArguments) throws -> [Environment] {
        let rows: [String] = try values("SELECT row FROM antidote_environments WHERE \(condition)", arguments)
        return try rows.map { try Self.decode($0, "an environment") }
    }

    /// Writes a new row, which waits for capacity.
    func insert(_ row: Environment, address: String?) throws {
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
        try add(1, to: .tickets)
        try add(1, to: .queue)
    }

    /// Replaces a row, with all that it is found and counted by.
    func update(_ before: Environment, to row: Environment) throws {
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
}

// MARK: - Events

extension SQLiteTransaction {
    func events(_ condition: String, _ arguments: StatementArguments) throws -> [EnvironmentEvent] {
        let events: [String] = try values("SELECT event FROM antidote_events WHERE \(condition)", arguments)
        return try events.map { try Self.decode($0, "an event") }
    }

    func insert(_ event: EnvironmentEvent) throws {
        try execute(
            """
            INSERT INTO antidote_events (environment, sequence, time, owner, is_published, event)
            VALUES (?, ?, ?, ?, 0, ?)
            """,
            [
                event.environment.rawValue, event.sequence, event.time.microseconds, event.owner.rawValue,
                try Self.encode(event),
            ]
        )
    }
}

// MARK: - Sessions

extension SQLiteTransaction {
    func sessions(_ condition: String, _ arguments: StatementArguments) throws -> [LiveSession] {
        let sessions: [String] = try values("SELECT session FROM antidote_sessions WHERE \(condition)", arguments)
        return try sessions.map { try Self.decode($0, "a session") }
    }

    /// The session `id`, and the address that is shown to nobody.
    func sessionAndAddress(_ id: OwnerID) throws -> (session: LiveSession?, address: String?) {
        let statement = try db.cachedStatement(sql: "SELECT session, address FROM antidote_sessions WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else { return (nil, nil) }
        return (try Self.decode(row[0], "a session"), row[1])
    }

    func insert(_ session: LiveSession, _ request: SessionRequest) throws {
        try execute(
            "INSERT INTO antidote_sessions VALUES (?, ?, ?, ?, ?, ?)",
            [
                session.id.rawValue, Data(request.tokenDigest.bytes), request.address,
                session.createdAt.microseconds, session.expiresAt?.microseconds, try Self.encode(session),
            ]
        )
    }

    func store(_ session: LiveSession) throws {
        try execute(
            "UPDATE antidote_sessions SET expires_at = ?, session = ? WHERE id = ?",
            [session.expiresAt?.microseconds, try Self.encode(session), session.id.rawValue]
        )
    }
}
#endif

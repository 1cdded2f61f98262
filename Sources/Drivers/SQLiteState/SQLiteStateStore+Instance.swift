#if SQLite
public import AntidoteCore
import GRDB

extension SQLiteStateStore {
    public func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        guard limit > 0 else { return 0 }
        return try await write { transaction in
            let moment = (transaction.now + (.zero - age)).microseconds
            return try transaction.forgetEnvironments(closedBefore: moment, limit)
                + transaction.forgetSessions(overBefore: moment, limit)
                + transaction.forgetEditions(retiredBefore: moment, limit)
        }
    }

    public func markPublished(_ events: [EnvironmentEvent]) async throws {
        guard !events.isEmpty else { return }
        try await write { transaction in
            for event in events {
                try transaction.execute(
                    """
                    UPDATE antidote_events SET is_published = 1
                    WHERE environment = ? AND sequence = ? AND NOT is_published
                    """,
                    [event.environment.rawValue, event.sequence]
                )
            }
        }
    }

    public func checkHealth() async throws {
        // Takes the write lock, and writes nothing.
        try await write { _ = try $0.count(.queue) }
    }
}

extension SQLiteTransaction {
    fileprivate func forgetEnvironments(closedBefore moment: Int64, _ limit: Int) throws -> Int {
        let ids: [String] = try values(
            """
            DELETE FROM antidote_environments WHERE ticket IN (
                SELECT ticket FROM antidote_environments WHERE closed_at < ? ORDER BY closed_at LIMIT ?
            ) RETURNING id
            """,
            [moment, limit]
        )
        for id in ids { try execute("DELETE FROM antidote_events WHERE environment = ?", [id]) }
        return ids.count
    }

    /// But for those that have something still: it counts by their address.
    fileprivate func forgetSessions(overBefore moment: Int64, _ limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM antidote_sessions WHERE id IN (
                SELECT id FROM antidote_sessions WHERE expires_at < ? AND NOT EXISTS (
                    SELECT 1 FROM antidote_environments INDEXED BY antidote_environments_shared
                    WHERE owner = antidote_sessions.id AND is_shared
                ) ORDER BY expires_at LIMIT ?
            )
            """,
            [moment, limit]
        )
        return db.changesCount
    }

    /// Except those that an environment still runs.
    fileprivate func forgetEditions(retiredBefore moment: Int64, _ limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM antidote_resource_editions WHERE (kind, version) IN (
                SELECT kind, version FROM antidote_resource_editions AS edition WHERE retired_at < ? AND NOT EXISTS (
                    SELECT 1 FROM antidote_environments
                    WHERE source_kind = edition.kind AND source_version = edition.version AND closed_at IS NULL
                ) ORDER BY retired_at LIMIT ?
            )
            """,
            [moment, limit]
        )
        return db.changesCount
    }
}
#endif

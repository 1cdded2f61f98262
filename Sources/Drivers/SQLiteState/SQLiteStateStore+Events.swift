#if SQLite
public import AntidoteCore
import GRDB

extension SQLiteStateStore {
    public func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await read { transaction in
            try transaction.events(
                "environment = ? AND sequence > ? ORDER BY sequence",
                [id.rawValue, sequence]
            )
        }
    }

    public func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await read { try $0.events("NOT is_published ORDER BY position LIMIT ?", [max(0, limit)]) }
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

    public func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        var conditions = ["true"]
        var arguments = StatementArguments()
        if let environment = filter.environment {
            conditions.append("environment = ?")
            arguments += [environment.rawValue]
        }
        if let owner = filter.owner {
            conditions.append("owner = ?")
            arguments += [owner.rawValue]
        }
        if let after = filter.after {
            conditions.append("(time, environment, sequence) > (?, ?, ?)")
            arguments += [after.time.microseconds, after.environment.rawValue, after.sequence]
        }
        arguments += [max(0, filter.limit)]
        return try await read { [conditions, arguments] transaction in
            try transaction.events(
                "\(conditions.joined(separator: " AND ")) ORDER BY time, environment, sequence LIMIT ?",
                arguments
            )
        }
    }
}

extension SQLiteTransaction {
    fileprivate func events(_ condition: String, _ arguments: StatementArguments) throws -> [EnvironmentEvent] {
        let events: [String] = try values("SELECT event FROM antidote_events WHERE \(condition)", arguments)
        return try events.map { try Self.decode($0, "an event") }
    }
}
#endif

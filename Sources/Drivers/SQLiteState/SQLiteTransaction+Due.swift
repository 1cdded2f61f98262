#if SQLite
import AntidoteCore
import GRDB

extension SQLiteTransaction {
    /// Rows of `backend` that are due for `role`, the longest due first.
    func due(for role: WorkerRole, on backend: BackendID, limit: Int) throws -> [Environment] {
        let column = Self.column(of: role)
        return try environments(
            "backend = ? AND \(column) <= ? ORDER BY \(column), ticket LIMIT ?",
            [backend.rawValue, now.microseconds, limit]
        )
    }

    func earliestDue(for role: WorkerRole, on backend: BackendID) throws -> Timestamp? {
        let moment: Int64? = try value(Self.earliestDue(role), [backend.rawValue])
        return moment.map(Timestamp.init)
    }

    static func earliestDue(_ role: WorkerRole) -> String {
        let column = column(of: role)
        return """
            SELECT \(column) FROM antidote_environments
            WHERE backend = ? AND \(column) IS NOT NULL ORDER BY \(column) LIMIT 1
            """
    }

    /// The next row of `backend` that waits and finds room, in the order of the tickets.
    ///
    /// One that a collector holds is not given to anybody else: it is about to expire.
    func nextWaiting(on backend: BackendID) throws -> Environment? {
        guard try hasRoom(.instance, limits.perInstance), try hasRoom(.backend(backend), limits.perBackend) else {
            return nil
        }
        guard limits.perSource != nil else {
            return try environments("\(Self.waiting) ORDER BY ticket LIMIT 1", [backend.rawValue, now.microseconds])
                .first
        }
        var first: Environment?
        var source: EnvironmentSource?
        // From source to source: a long line for one that is full is passed over at once.
        while let next = try lineAfter(source, on: backend) {
            source = next
            guard try hasRoom(.source(next), limits.perSource) else { continue }
            let row = try environments(
                "\(Self.waiting) AND source_kind = ? AND source_name = ? ORDER BY ticket LIMIT 1",
                [backend.rawValue, now.microseconds, next.kind, next.name]
            ).first
            if let row, row.ticket < first?.ticket ?? .max { first = row }
        }
        return first
    }

    private static let waiting = "backend = ? AND is_queued AND (lease_ends IS NULL OR lease_ends <= ?)"

    private func hasRoom(_ count: Count, _ limit: Int?) throws -> Bool {
        guard let limit else { return true }
        return try self.count(count) < limit
    }

    /// The next source that something waits for, in the order of their names.
    private func lineAfter(_ source: EnvironmentSource?, on backend: BackendID) throws -> EnvironmentSource? {
        let after = source == nil ? "" : "AND (source_kind, source_name) > (?, ?)"
        let statement = try db.cachedStatement(
            sql: """
                SELECT source_kind, source_name FROM antidote_environments
                WHERE backend = ? AND is_queued \(after) ORDER BY source_kind, source_name LIMIT 1
                """
        )
        var arguments: StatementArguments = [backend.rawValue]
        if let source { arguments += [source.kind, source.name] }
        return try Row.fetchOne(statement, arguments: arguments).map { EnvironmentSource(kind: $0[0], name: $0[1]) }
    }

    private static func column(of role: WorkerRole) -> String {
        switch role {
        case .scheduler: "due_scheduler"
        case .collector: "due_collector"
        }
    }
}
#endif

#if SQLite
@_spi(StoreKit) import AntidoteCore
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

    /// Whether a row of `backend` waits that there is room for.
    func canGrant(on backend: BackendID) throws -> Bool {
        var held = HeldCapacity()
        return try !queued(on: backend, limit: 1, &held, beside: []).isEmpty
    }

    /// The rows of `backend` that wait and find room beside what is `granted` in the same transaction, by ticket, at most
    /// `limit`. What is held is read into `held`.
    ///
    /// One that a collector holds is granted nothing: it is about to expire.
    func queued(
        on backend: BackendID,
        limit: Int,
        _ held: inout HeldCapacity,
        beside granted: [Environment]
    ) throws -> [Environment] {
        guard limit > 0 else { return [] }
        guard limits.limitCapacity else { return try waiting("", [], on: backend, limit: limit) }
        held.set(total: try count(.instance))
        held.set(try count(.backend(backend)), on: backend)
        var planned = held
        for row in granted { planned.add(1, of: row.source, on: row.backend) }
        let room = min(limit, planned.room(on: backend, within: limits))
        guard limits.perSource != nil else { return try waiting("", [], on: backend, limit: room) }
        var found: [Environment] = []
        var source: EnvironmentSource?
        // From source to source: a long line for one that is full is passed over at once.
        while room > 0, let next = try lineAfter(source, on: backend) {
            source = next
            let count = try count(.source(next))
            held.set(count, of: next)
            planned.set(count + granted.count { $0.source.isSame(as: next) }, of: next)
            found += try waiting(
                "AND source_kind = ? AND source_name = ?",
                [next.kind, next.name],
                on: backend,
                limit: min(room, planned.room(for: next, on: backend, within: limits))
            )
        }
        return Array(found.sorted { $0.ticket < $1.ticket }.prefix(room))
    }

    private func waiting(
        _ condition: String,
        _ arguments: StatementArguments,
        on backend: BackendID,
        limit: Int
    ) throws -> [Environment] {
        guard limit > 0 else { return [] }
        return try environments(
            """
            backend = ? AND is_queued AND (lease_ends IS NULL OR lease_ends <= ?) \(condition) \
            ORDER BY ticket LIMIT ?
            """,
            [backend.rawValue, now.microseconds] + arguments + [limit]
        )
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

@_spi(StoreKit) public import AntidoteCore
import ConcurrencyKit
import PostgresClient

extension PostgresStateStore {
    public func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        try await named {
            guard ids.count == 1 else { return try await Self.environments(ids, in: pool, of: self.id) }
            // Those who ask for one each share a round trip.
            let found = try await environmentBatcher.submit(ids[0])
            return Dated(found.value.map { [ids[0]: $0] } ?? [:], at: found.at)
        }
    }

    static func environments(
        _ ids: [EnvironmentID],
        in pool: PostgresPool,
        of store: StoreID
    ) async throws -> Dated<[EnvironmentID: Environment]> {
        // What is not known may be destroyed: it must be this store that does not know it.
        try await pool.transaction(isRepeatable: true) { transaction in
            let answers = try transaction.finish([
                PostgresDatabase.selectMeta(), selectRows(.texts(ids.map(\.rawValue))), SQL.clock,
            ])
            try check(answers[0], is: store)
            var found: [EnvironmentID: Environment] = [:]
            for row in answers[1] {
                let stored = try StoredEnvironment(row)
                found[stored.row.id] = stored.row
            }
            return Dated(found, at: try answers[2].time())
        }
    }

    public func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        let phases = filter.phases ?? Set(Phase.allCases).subtracting([.closed])
        let common: [PostgresValue] = [
            .texts(phases.map(\.rawValue).sorted()),
            .text(filter.backend?.rawValue),
            .integer(filter.afterTicket ?? .min),
            .integer(filter.limit ?? .max),
        ]
        let statement: PostgresStatement
        if let owner = filter.owner {
            let query = phases.contains(.closed) ? Self.selectOfOwner : Self.selectOpenOfOwner
            statement = PostgresStatement(query: query, values: common + [.text(owner.rawValue)])
        } else {
            statement = PostgresStatement(query: Self.selectAll, values: common)
        }
        return try await reading { try $0.finish(statement).map { try StoredEnvironment($0).row } }
    }

    public func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        try await reading { [id] transaction in
            let answers = try transaction.finish([
                PostgresDatabase.selectMeta(),
                Self.selectRoster(.text(backend.rawValue), .integer(ticket), .integer(max(0, limit))),
            ])
            try Self.check(answers[0], is: id)
            return try answers[1].map { row in
                guard let phase = Phase(rawValue: try row.text(2)) else { throw PostgresError.lost }
                return RosterEntry(
                    id: EnvironmentID(unchecked: try row.text(0)),
                    ticket: try row.integer(1),
                    phase: phase,
                    incarnation: Int(try row.integer(3)),
                    destroyedThrough: Int(try row.integer(4))
                )
            }
        }
    }

    public func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        var statements: [PostgresStatement]
        switch query {
        case .of(let id, let sequence): statements = [Self.selectEvents(.text(id.rawValue), .integer(sequence))]
        case .matching(let filter): statements = [Self.selection(filter)]
        case .unpublished(let limit):
            statements = [marks.take(), Self.selectUnpublished(.integer(max(0, limit)))].compactMap(\.self)
        }
        return try await reading { [statements] transaction in
            try transaction.finish(statements).last?.map { try EventColumn.event($0) } ?? []
        }
    }

    public func markPublished(_ events: [EnvironmentEvent]) async throws { marks.add(events) }

    private static func selection(_ filter: EventFilter) -> PostgresStatement {
        // Before the first of all: no id is less than the empty text.
        let after = filter.after
        return PostgresStatement(
            query: filter.environment == nil ? selectLog : selectLogOfEnvironment,
            values: [
                .timestamp(after?.time ?? Timestamp(microseconds: .min)),
                .text(after?.environment.rawValue ?? ""),
                .integer(after?.sequence ?? 0),
                .text(filter.owner?.rawValue),
                .integer(max(0, filter.limit)),
            ] + (filter.environment.map { [.text($0.rawValue)] } ?? [])
        )
    }
}

extension PostgresStateStore {
    static let selectRows = PostgresQuery(
        "rows",
        "select \(EnvironmentColumn.selection) from \(SQL.environments) where id = any($1)"
    )

    private static let selectRoster = PostgresQuery(
        "roster",
        """
        select id, ticket, phase, incarnation, destroyed_through from \(SQL.environments) \
        where \(SQL.isOpen) and backend = $1 and ticket > $2 order by ticket limit $3
        """
    )

    private static let selectAll = list("list all", "")
    private static let selectOfOwner = list("list of owner", "and owner = $5")
    /// Said again in the statement, so that the server sees that its index will do.
    private static let selectOpenOfOwner = list("list open of owner", "and owner = $5 and \(SQL.isOpen)")

    private static func list(_ name: String, _ condition: String) -> PostgresQuery {
        PostgresQuery(
            name,
            """
            select \(EnvironmentColumn.selection) from \(SQL.environments) \
            where phase = any($1) and ($2::text is null or backend = $2) and ticket > $3 \(condition) \
            order by ticket limit $4
            """
        )
    }

    private static let selectEvents = PostgresQuery(
        "events of environment",
        """
        select \(EventColumn.selection) from antidote_state_events \
        where environment = $1 and sequence > $2 order by sequence
        """
    )

    private static let selectUnpublished = PostgresQuery(
        "unpublished events",
        """
        select \(EventColumn.selection) from antidote_state_events \
        where not published order by at, environment, sequence limit $1
        """
    )

    private static let selectLog = log("events", "")
    private static let selectLogOfEnvironment = log("events of one", "and environment = $6")

    private static func log(_ name: String, _ condition: String) -> PostgresQuery {
        PostgresQuery(
            name,
            """
            select \(EventColumn.selection) from antidote_state_events \
            where (at, environment, sequence) > ($1, $2, $3) and ($4::text is null or owner = $4) \(condition) \
            order by at, environment, sequence limit $5
            """
        )
    }
}

public import AntidoteCore

extension PostgresStateStore {
    public func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await named { try await environmentGate.submit(id) }
    }

    public func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        guard !ids.isEmpty else { return [:] }
        return try await named { [id] in try await Self.known(ids, in: pool, of: id) }
    }

    static func known(
        _ ids: [EnvironmentID],
        in pool: PostgresPool,
        of store: StoreID
    ) async throws -> [EnvironmentID: Environment] {
        // What is not known may be destroyed: it must be this store that does not know it.
        try await pool.transaction(isRepeatable: true) { transaction in
            let answers = try transaction.finish([
                PostgresDatabase.selectMeta(), selectRows(.texts(ids.map(\.rawValue))),
            ])
            try check(answers[0], is: store)
            var known: [EnvironmentID: Environment] = [:]
            for row in answers[1] {
                let stored = try StoredEnvironment(row)
                known[stored.row.id] = stored.row
            }
            return known
        }
    }

    public func outlines(on backend: BackendID, in phases: Set<Phase>) async throws -> [EnvironmentOutline] {
        let statement = Self.selectOutlines(.text(backend.rawValue), .texts(phases.map(\.rawValue).sorted()))
        return try await reading { try $0.finish(statement).map(Self.outline) }
    }

    public func outlines(of ids: [EnvironmentID]) async throws -> [EnvironmentID: EnvironmentOutline] {
        guard !ids.isEmpty else { return [:] }
        return try await reading { [id] transaction in
            let answers = try transaction.finish([
                PostgresDatabase.selectMeta(), Self.selectOutlinesOf(.texts(ids.map(\.rawValue))),
            ])
            try Self.check(answers[0], is: id)
            var known: [EnvironmentID: EnvironmentOutline] = [:]
            for row in answers[1] {
                let outline = try Self.outline(row)
                known[outline.id] = outline
            }
            return known
        }
    }

    private static func outline(_ row: PostgresRow) throws -> EnvironmentOutline {
        var fields = FieldReader(row)
        return EnvironmentOutline(
            id: try fields.id(EnvironmentID.self),
            phase: try fields.choice(Phase.self),
            incarnation: try fields.number(),
            destroyedThrough: try fields.number()
        )
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

    public func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await reading { transaction in
            try transaction.finish(Self.selectEvents(.text(id.rawValue), .integer(sequence)))
                .map { try EventColumn.event($0) }
        }
    }

    public func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        let marking = marks.take()
        return try await reading { transaction in
            let statements = [marking, Self.selectUnpublished(.integer(max(0, limit)))].compactMap(\.self)
            guard let rows = try transaction.finish(statements).last else { return [] }
            return try rows.map { try EventColumn.event($0) }
        }
    }

    public func markPublished(_ events: [EnvironmentEvent]) async throws { marks.add(events) }

    public func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        // Before the first of all: no id is less than the empty text.
        let after = filter.after
        let statement = PostgresStatement(
            query: filter.environment == nil ? Self.selectLog : Self.selectLogOfEnvironment,
            values: [
                .timestamp(after?.time ?? Timestamp(microseconds: .min)),
                .text(after?.environment.rawValue ?? ""),
                .integer(after?.sequence ?? 0),
                .text(filter.owner?.rawValue),
                .integer(max(0, filter.limit)),
            ] + (filter.environment.map { [.text($0.rawValue)] } ?? [])
        )
        return try await reading { try $0.finish(statement).map { try EventColumn.event($0) } }
    }
}

extension PostgresStateStore {
    static let selectRows = PostgresQuery(
        "rows",
        "select \(EnvironmentColumn.selection) from \(SQL.environments) where id = any($1)"
    )

    private static let selectOutlines = outlines("outlines", "backend = $1 and phase = any($2)")
    private static let selectOutlinesOf = outlines("outlines of", "id = any($1)")

    private static func outlines(_ name: String, _ condition: String) -> PostgresQuery {
        PostgresQuery(
            name,
            "select id, phase, incarnation, destroyed_through from \(SQL.environments) where \(condition)"
        )
    }

    private static let selectAll = list("list all", "")
    private static let selectOfOwner = list("list of owner", "and owner = $5")
    /// Said again in the statement, so that the server sees that its index will do.
    private static let selectOpenOfOwner = list("list open of owner", "and owner = $5 and phase <> 'CLOSED'")

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

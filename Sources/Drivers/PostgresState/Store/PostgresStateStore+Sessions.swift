public import AntidoteCore
import ConcurrencyKit
import PostgresClient

extension PostgresStateStore: SessionStore {
    public func openSession(_ request: SessionRequest) async throws -> LiveSession {
        let id = random.sessionID()
        return try await writing { [limits] transaction in
            var statements = [SQL.clock]
            if let address = request.address, let limit = limits.sessionsPerAddress {
                statements = [
                    SQL.lockAll(.texts([address]), .integer(Schema.Lock.addresses)),
                    Self.countOfAddress(.text(address), .integer(max(0, limit))),
                    SQL.clock,
                ]
            }
            let answers = try transaction.run(statements)
            guard let now = try answers.last?.time() else { throw PostgresError.lost }
            if answers.count > 1, let row = answers[1].first {
                try limits.check(sessionsOfAddress: Int(try row.integer(0)))
            }
            let session = LiveSession(admitting: request, id: id, now: now)
            try transaction.finish([
                Self.insert(
                    .text(session.id.rawValue),
                    .bytes(request.tokenDigest.bytes),
                    .timestamp(session.createdAt),
                    .timestamp(session.endsAt),
                    .bool(session.isPersistent),
                    .text(session.identity?.provider),
                    .text(session.identity?.subject),
                    .text(request.address)
                )
            ])
            return session
        }
    }

    public func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await named { try await sessionBatcher.submit(digest) }
    }

    /// Those that are live.
    static func sessions(
        withTokens digests: [TokenDigest],
        in pool: PostgresPool
    ) async throws -> [TokenDigest: LiveSession] {
        try await pool.transaction(isRepeatable: true) { transaction in
            let answers = try transaction.finish([SQL.clock, selectByTokens(.byteStrings(digests.map(\.bytes)))])
            let now = try answers[0].time()
            var sessions: [TokenDigest: LiveSession] = [:]
            for row in answers[1] {
                let session = try SessionColumn.session(row)
                guard session.isLive(at: now) else { continue }
                sessions[TokenDigest(bytes: try row.bytes(SessionColumn.digestColumn))] = session
            }
            return sessions
        }
    }

    public func session(_ id: OwnerID) async throws -> LiveSession? {
        try await reading { transaction in
            try transaction.finish(Self.select(.text(id.rawValue))).first.map { try SessionColumn.session($0) }
        }
    }

    public func sessions(limit: Int) async throws -> [LiveSession] {
        try await reading { transaction in
            try transaction.finish(Self.selectLive(.integer(max(0, limit)))).map { try SessionColumn.session($0) }
        }
    }

    public func setPersistent(_ isPersistent: Bool, session id: OwnerID) async throws -> LiveSession {
        try await changingSession(id) { session, workspace in
            guard var changed = session, changed.isLive(at: workspace.now) else {
                throw AntidoteError.missingSession(id)
            }
            changed.isPersistent = isPersistent
            for row in workspace.all {
                workspace.change(row.id, .follow(changed))
            }
            session = changed
            return changed
        }
    }

    public func endSession(_ id: OwnerID) async throws {
        try await changingSession(id) { session, workspace in
            let now = workspace.now
            guard session?.isLive(at: now) == true else { return }
            session?.end(at: now)
            for row in workspace.all { workspace.change(row.id, .remove) }
        }
    }

    /// Changes a session and everything that it has, while nothing is admitted for it.
    private func changingSession<Value: Sendable>(
        _ id: OwnerID,
        _ body: @escaping @Sendable (inout LiveSession?, inout Workspace) throws -> Value
    ) async throws -> Value {
        try await writing { transaction in
            let answers = try transaction.run([
                SQL.lockAll(.texts([id.rawValue]), .integer(Schema.Lock.owners)),
                Self.selectForUpdate(.text(id.rawValue)),
                Self.lockRows(.text(id.rawValue)),
                SQL.clock,
            ])
            var session = try answers[1].first.map { try SessionColumn.session($0) }
            let before = session
            var workspace = Workspace(try answers[2].map { try StoredEnvironment($0) }, now: try answers[3].time())
            let value = try body(&session, &workspace)
            var statements = try workspace.writer.statements()
            if let session, session != before {
                statements.append(
                    Self.update(.text(id.rawValue), .timestamp(session.endsAt), .bool(session.isPersistent))
                )
            }
            try transaction.finish(statements)
            return value
        }
    }
}

extension PostgresStateStore {
    private static let table = "antidote_state_sessions"

    private static let insert = PostgresQuery(
        "insert session",
        """
        insert into \(table) (id, token_digest, created_at, ends_at, is_persistent, provider, subject, address) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    )

    private static let countOfAddress = PostgresQuery(
        "sessions of address",
        """
        select count(*) from (\
        select from \(table) where address = $1 and (is_persistent or ends_at is null or ends_at > statement_timestamp()) \
        limit $2\
        ) live
        """
    )

    private static let selectByTokens = PostgresQuery(
        "sessions by token",
        "select \(SessionColumn.selection), token_digest from \(table) where token_digest = any($1)"
    )

    private static let select = PostgresQuery(
        "session",
        "select \(SessionColumn.selection) from \(table) where id = $1"
    )

    private static let selectForUpdate = PostgresQuery(
        "session for update",
        "select \(SessionColumn.selection) from \(table) where id = $1 for update"
    )

    private static let selectLive = PostgresQuery(
        "live sessions",
        """
        select \(SessionColumn.selection) from \(table) \
        where is_persistent or ends_at is null or ends_at > statement_timestamp() order by created_at, id limit $1
        """
    )

    private static let update = PostgresQuery(
        "update session",
        "update \(table) set ends_at = $2, is_persistent = $3 where id = $1"
    )

    private static let lockRows = PostgresQuery(
        "lock rows of owner",
        """
        select \(EnvironmentColumn.selection) from \(SQL.environments) \
        where owner = $1 and \(SQL.isOpen) order by id for update
        """
    )
}

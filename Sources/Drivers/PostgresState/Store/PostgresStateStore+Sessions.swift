@_spi(StoreKit) public import AntidoteCore
import ConcurrencyKit
import PostgresClient

extension PostgresStateStore {
    func openSession(from address: String?, _ decision: Decision) async throws {
        var statements: [PostgresStatement] = []
        if let address, let limit = limits.sessionsPerAddress {
            statements = [
                SQL.lockAll(.texts([address]), .integer(Schema.Lock.addresses)),
                Self.countOfAddress(.text(address), .integer(max(0, limit))),
            ]
        }
        let isCounted = !statements.isEmpty
        try await decide(decision, reading: statements) { loaded, answers in
            guard isCounted, let address, let row = answers[1].first else { return }
            loaded.set.sessionsOfAddress[address] = Int(try row.integer(0))
        }
    }

    /// Changes a session and everything that it has, while nothing is admitted for it.
    func changeSession(_ id: OwnerID, _ decision: Decision) async throws {
        let statements = [
            SQL.lockAll(.texts([id.rawValue]), .integer(Schema.Lock.owners)),
            Self.selectForUpdate(.text(id.rawValue)),
            Self.lockRows(.text(id.rawValue)),
        ]
        try await decide(decision, reading: statements) { loaded, answers in
            try loaded.loadSessions(answers[1])
            try loaded.load(answers[2])
        }
    }

    public func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        switch query {
        case .token(let digest):
            return try await named { try await sessionBatcher.submit(digest) }
        case .id(let id):
            return try await sessions(Self.select(.text(id.rawValue)))
        case .live(let limit):
            return try await sessions(Self.selectLive(.integer(max(0, limit))))
        }
    }

    private func sessions(_ statement: PostgresStatement) async throws -> Dated<[LiveSession]> {
        try await reading { transaction in
            let answers = try transaction.finish([statement, SQL.clock])
            return Dated(try answers[0].map { try SessionColumn.session($0) }, at: try answers[1].time())
        }
    }

    /// One answer for each digest.
    static func sessions(
        withTokens digests: [TokenDigest],
        in pool: PostgresPool
    ) async throws -> [Dated<[LiveSession]>] {
        try await pool.transaction(isRepeatable: true) { transaction in
            let answers = try transaction.finish([SQL.clock, selectByTokens(.byteStrings(digests.map(\.bytes)))])
            let now = try answers[0].time()
            var sessions: [TokenDigest: LiveSession] = [:]
            for row in answers[1] {
                let digest = TokenDigest(bytes: try row.bytes(SessionColumn.digestColumn))
                sessions[digest] = try SessionColumn.session(row)
            }
            return digests.map { Dated(sessions[$0].map { [$0] } ?? [], at: now) }
        }
    }
}

extension PostgresStateStore {
    private static let countOfAddress = PostgresQuery(
        "sessions of address",
        """
        select count(*) from (\
        select from \(SQL.sessions) where address = $1 and (is_persistent or ends_at is null or ends_at > statement_timestamp()) \
        limit $2\
        ) live
        """
    )

    private static let selectByTokens = PostgresQuery(
        "sessions by token",
        "select \(SessionColumn.selection), token_digest from \(SQL.sessions) where token_digest = any($1)"
    )

    private static let select = PostgresQuery(
        "session",
        "select \(SessionColumn.selection) from \(SQL.sessions) where id = $1"
    )

    private static let selectForUpdate = PostgresQuery(
        "session for update",
        "select \(SessionColumn.selection) from \(SQL.sessions) where id = $1 for update"
    )

    private static let selectLive = PostgresQuery(
        "live sessions",
        """
        select \(SessionColumn.selection) from \(SQL.sessions) \
        where is_persistent or ends_at is null or ends_at > statement_timestamp() order by created_at, id limit $1
        """
    )

    private static let lockRows = PostgresQuery(
        "lock rows of owner",
        """
        select \(EnvironmentColumn.selection) from \(SQL.environments) \
        where owner = $1 and \(SQL.isOpen) order by id for update
        """
    )
}

@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// How sessions are read.
enum SessionColumn {
    static let selection = "id, created_at, ends_at, is_persistent, provider, subject, address"
    /// The place of the address, which is no part of a session.
    static let addressColumn = 6
    /// The place of the token's digest, where that is read after the others.
    static let digestColumn = 7

    static func session(_ row: PostgresRow) throws(PostgresError) -> LiveSession {
        let provider = try row.textIfAny(4)
        let subject = try row.textIfAny(5)
        var identity: OutsideIdentity?
        if let provider, let subject { identity = OutsideIdentity(provider: provider, subject: subject) }
        return LiveSession(
            id: OwnerID(unchecked: try row.text(0)),
            createdAt: try row.timestamp(1),
            endsAt: try row.timestampIfAny(2),
            isPersistent: try row.bool(3),
            identity: identity
        )
    }

    /// What writes new and changed sessions.
    static func statements(
        opened: [(session: LiveSession, request: SessionRequest)],
        changed: [LiveSession]
    ) -> [PostgresStatement] {
        opened.map { session, request in
            insert(
                .text(session.id.rawValue),
                .bytes(request.tokenDigest.bytes),
                .timestamp(session.createdAt),
                .timestamp(session.endsAt),
                .bool(session.isPersistent),
                .text(session.identity?.provider),
                .text(session.identity?.subject),
                .text(request.address)
            )
        }
            + changed.map { update(.text($0.id.rawValue), .timestamp($0.endsAt), .bool($0.isPersistent)) }
    }

    private static let insert = PostgresQuery(
        "insert session",
        """
        insert into \(SQL.sessions) (id, token_digest, created_at, ends_at, is_persistent, provider, subject, address) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    )

    private static let update = PostgresQuery(
        "update session",
        "update \(SQL.sessions) set ends_at = $2, is_persistent = $3 where id = $1"
    )
}

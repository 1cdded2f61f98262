import AntidoteCore
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
}

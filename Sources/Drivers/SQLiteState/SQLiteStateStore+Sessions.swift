#if SQLite
public import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStateStore {
    public func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await write { transaction in
            if let address = request.address, transaction.limits.sessionsPerAddress != nil {
                let count: Int? = try transaction.value(
                    """
                    SELECT count(*) FROM antidote_sessions
                    WHERE address = ? AND (expires_at IS NULL OR expires_at > ?)
                    """,
                    [address, transaction.now.microseconds]
                )
                try transaction.limits.check(sessionsOfAddress: count ?? 0)
            }
            let id = transaction.random.sessionID()
            let session = LiveSession(admitting: request, id: id, now: transaction.now)
            try transaction.execute(
                "INSERT INTO antidote_sessions VALUES (?, ?, ?, ?, ?, ?)",
                [
                    session.id.rawValue, Data(request.tokenDigest.bytes), request.address,
                    session.createdAt.microseconds, session.expiresAt?.microseconds,
                    try SQLiteTransaction.encode(session),
                ]
            )
            return session
        }
    }

    public func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await read { transaction in
            let session = try transaction.sessions("token = ?", [Data(digest.bytes)]).first
            return session.flatMap { $0.isLive(at: transaction.now) ? $0 : nil }
        }
    }

    public func session(_ id: OwnerID) async throws -> LiveSession? {
        try await read { try $0.sessionAndAddress(id).session }
    }

    public func sessions(limit: Int) async throws -> [LiveSession] {
        try await read { transaction in
            try transaction.sessions(
                "expires_at IS NULL OR expires_at > ? ORDER BY created_at, id LIMIT ?",
                [transaction.now.microseconds, max(0, limit)]
            )
        }
    }

    public func setPersistent(_ isPersistent: Bool, session id: OwnerID) async throws -> LiveSession {
        try await write { transaction in
            guard var session = try transaction.sessionAndAddress(id).session, session.isLive(at: transaction.now)
            else {
                throw AntidoteError.missingSession(id)
            }
            session.isPersistent = isPersistent
            try transaction.store(session)
            for row in try transaction.openEnvironments(of: id) {
                try transaction.change(row, .follow(session))
            }
            return session
        }
    }

    public func endSession(_ id: OwnerID) async throws {
        try await write { transaction in
            guard var session = try transaction.sessionAndAddress(id).session, session.isLive(at: transaction.now)
            else {
                return
            }
            session.end(at: transaction.now)
            try transaction.store(session)
            for row in try transaction.openEnvironments(of: id) { try transaction.change(row, .remove) }
        }
    }
}

extension SQLiteTransaction {
    /// The session `id`, and the address that is shown to nobody.
    func sessionAndAddress(_ id: OwnerID) throws -> (session: LiveSession?, address: String?) {
        let statement = try db.cachedStatement(sql: "SELECT session, address FROM antidote_sessions WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else { return (nil, nil) }
        return (try Self.decode(row[0], "a session"), row[1])
    }

    fileprivate func sessions(_ condition: String, _ arguments: StatementArguments) throws -> [LiveSession] {
        let sessions: [String] = try values("SELECT session FROM antidote_sessions WHERE \(condition)", arguments)
        return try sessions.map { try Self.decode($0, "a session") }
    }

    fileprivate func store(_ session: LiveSession) throws {
        try execute(
            "UPDATE antidote_sessions SET expires_at = ?, session = ? WHERE id = ?",
            [session.expiresAt?.microseconds, try Self.encode(session), session.id.rawValue]
        )
    }

    fileprivate func openEnvironments(of owner: OwnerID) throws -> [Environment] {
        try environments("owner = ? AND closed_at IS NULL ORDER BY ticket", [owner.rawValue])
    }
}
#endif

extension InMemoryStateStore: SessionStore {
    public func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await transaction { state, now in
            if let address = request.address {
                try state.limits.check(sessionsOfAddress: state.sessions.count(from: address, at: now))
            }
            let session = LiveSession(admitting: request, id: random.sessionID(), now: now)
            state.sessions.insert(session, request)
            return session
        }
    }

    public func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await transaction { state, now in
            state.sessions[token: digest].flatMap { $0.isLive(at: now) ? $0 : nil }
        }
    }

    public func session(_ id: OwnerID) async throws -> LiveSession? {
        try await transaction { state, _ in state.sessions[id] }
    }

    public func sessions(limit: Int) async throws -> [LiveSession] {
        try await transaction { state, now in Array(state.sessions.live(at: now).prefix(limit)) }
    }

    public func setPersistent(_ isPersistent: Bool, session id: OwnerID) async throws -> LiveSession {
        try await transaction { state, now in
            guard state.sessions[id]?.isLive(at: now) == true,
                let session = state.sessions.change(id, { $0.isPersistent = isPersistent })
            else { throw AntidoteError.missingSession(id) }
            for row in state.rows(of: id) { state.change(row.id, .follow(session), now: now) }
            return session
        }
    }

    public func endSession(_ id: OwnerID) async throws {
        try await transaction { state, now in
            guard state.sessions[id]?.isLive(at: now) == true else { return }
            _ = state.sessions.change(id) { $0.end(at: now) }
            for row in state.rows(of: id) { state.change(row.id, .remove, now: now) }
        }
    }
}

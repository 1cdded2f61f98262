@_spi(StoreKit) import AntidoteCore

extension ReferenceState {
    mutating func open(_ request: SessionRequest, id: OwnerID, at now: Timestamp) throws -> LiveSession {
        if let address = request.address, let limit = limits.sessionsPerAddress {
            let open = sessions.filter { $0.address == address && !ReferenceRules.isOver($0.session, at: now) }
            if open.count >= limit { throw Self.full(.limitExceeded, "the address has \(limit) sessions") }
        }
        let session = LiveSession(admitting: request, id: id, now: now)
        sessions.append(StoredSession(session: session, token: request.tokenDigest, address: request.address))
        return session
    }

    mutating func setPersistent(_ isPersistent: Bool, _ id: OwnerID, at now: Timestamp) throws -> LiveSession {
        guard let index = liveSession(id, at: now) else { throw AntidoteError.missingSession(id) }
        sessions[index].session.isPersistent = isPersistent
        for row in openRows(of: id) { _ = change(row.id, by: .follow(sessions[index].session), at: now) }
        return sessions[index].session
    }

    mutating func endSession(_ id: OwnerID, at now: Timestamp) {
        guard let index = liveSession(id, at: now) else { return }
        let end = sessions[index].session.endsAt
        sessions[index].session.isPersistent = false
        // A persistent session may be past its end. That end stays.
        if end.map({ now < $0 }) ?? true { sessions[index].session.endsAt = now }
        for row in openRows(of: id) { _ = change(row.id, by: .remove, at: now) }
    }

    private func liveSession(_ id: OwnerID, at now: Timestamp) -> Int? {
        sessions.firstIndex { $0.session.id == id && !ReferenceRules.isOver($0.session, at: now) }
    }

    private func openRows(of owner: OwnerID) -> [Environment] {
        rows.filter { $0.owner == owner && $0.observed.phase != .closed }
    }
}

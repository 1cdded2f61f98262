/// Opens a session.
package struct OpenSession: StoreOperation {
    package let request: SessionRequest

    package init(_ request: SessionRequest) { self.request = request }

    package var needs: StoreNeeds { .sessions(of: request.address) }

    package func decide(_ set: inout WorkingSet) throws -> LiveSession {
        if let address = request.address {
            try set.limits.check(sessionsOfAddress: set.sessionsOfAddress[address, default: 0])
            set.sessionsOfAddress[address, default: 0] += 1
        }
        let session = LiveSession(admitting: request, id: set.makeSessionID(), now: set.now)
        set.open(session, for: request)
        return session
    }
}

/// Exempts a session and everything that it has from every expiry, or ends that.
package struct SetPersistent: StoreOperation {
    package let session: OwnerID
    package let isPersistent: Bool

    package init(_ isPersistent: Bool, session: OwnerID) {
        self.isPersistent = isPersistent
        self.session = session
    }

    package var needs: StoreNeeds { .session(session) }

    package func decide(_ set: inout WorkingSet) throws -> LiveSession {
        guard set.session(session)?.isLive(at: set.now) == true,
            let changed = set.changeSession(session, { $0.isPersistent = isPersistent })
        else { throw AntidoteError.missingSession(session) }
        for row in set.environments(of: session) { set.change(row.id, .follow(changed)) }
        return changed
    }
}

/// Ends a session: everything of it is to be removed.
package struct EndSession: StoreOperation {
    package let session: OwnerID

    package init(_ session: OwnerID) { self.session = session }

    package var needs: StoreNeeds { .session(session) }

    package func decide(_ set: inout WorkingSet) {
        let now = set.now
        guard set.session(session)?.isLive(at: now) == true else { return }
        _ = set.changeSession(session) { $0.end(at: now) }
        for row in set.environments(of: session) { set.change(row.id, .remove) }
    }
}

/// What is asked of an instance: by owners through the API or an embedder, and by operators through the command line.
///
/// A request is recorded first; then its events are published and workers are woken. Who may ask for what is decided by
/// whoever calls this.
package struct InstanceRequests: Sendable {
    private let store: StoreAccess
    private let publisher: EventPublisher

    package init(store: StoreAccess, publisher: EventPublisher) {
        self.store = store
        self.publisher = publisher
    }
}

// MARK: - Environments

extension InstanceRequests {
    /// An environment, or the one that its owner has already.
    package func admit(_ request: AdmissionRequest) async throws -> Admission {
        let admission = try await store.write { try await $0.admit(request) }
        await publisher.publish(admission.events)
        return admission
    }

    /// Wants another revision. Throws `notFound` when the environment is over or failed.
    package func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> Environment {
        let change = try await store.write { try await $0.change(id, toRevision: revision) }
        await publisher.publish(change.events)
        await publisher.wake(.scheduler, about: id)
        return change.environment
    }

    /// Wants an environment removed, and does not wait for it. Returns the row as it is then, if there is one.
    @discardableResult
    package func remove(_ id: EnvironmentID) async throws -> Environment? {
        let row = try await store.write { try await $0.remove(id) }
        guard let row, row.phase != .closed else { return row }
        // Whoever holds it has to let go of it first.
        if row.lease != nil { await publisher.wake(.scheduler, about: id) }
        await publisher.wake(.collector, about: id)
        return row
    }

    /// Says that an environment is in use.
    package func keepAlive(_ id: EnvironmentID) async throws { try await store.ask { try await $0.keepAlive([id]) } }

    /// `nil` if there is no such environment, or not any more.
    package func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await store.ask { try await $0.environment(id) }
    }

    /// All environments that match, by ticket.
    package func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await store.ask { try await $0.environments(matching: filter) }
    }

    /// What happened to an environment, in order.
    package func events(of id: EnvironmentID) async throws -> [EnvironmentEvent] {
        try await store.ask { try await $0.events(of: id, after: 0) }
    }

    /// What happened, oldest first: with who asked for what, the audit log.
    package func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        try await store.ask { try await $0.events(matching: filter) }
    }
}

// MARK: - Sessions

extension InstanceRequests {
    /// Opens a session. Throws `limitExceeded` if its address has as many as it may.
    package func openSession(_ request: SessionRequest) async throws -> LiveSession {
        // Who gives up meanwhile must not leave half a session: there is none.
        try await store.write { try await $0.openSession(request) }
    }

    /// The session that a token belongs to; `nil` if there is none, or it is over.
    package func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await store.ask { try await $0.session(withToken: digest) }
    }

    /// `nil` if there is no such session, or not any more.
    package func session(_ id: OwnerID) async throws -> LiveSession? {
        try await store.ask { try await $0.session(id) }
    }

    /// The sessions that are not over, oldest first.
    package func sessions(limit: Int) async throws -> [LiveSession] {
        try await store.ask { try await $0.sessions(limit: limit) }
    }

    /// Exempts a session and everything that it has from every expiry, or ends that. Throws `notFound`.
    package func setPersistent(_ isPersistent: Bool, session id: OwnerID) async throws -> LiveSession {
        try await store.write { try await $0.setPersistent(isPersistent, session: id) }
    }

    /// Ends a session, and wants everything that it has removed. One that is over already is a success.
    package func endSession(_ id: OwnerID) async throws {
        try await store.write { try await $0.endSession(id) }
        // One is enough to make the workers look for all that is due; without any, their sweep finds it.
        let filter = EnvironmentFilter(owner: id, phases: [.deleting], limit: 1)
        guard let row = try? await environments(matching: filter).first else { return }
        for role in WorkerRole.allCases { await publisher.wake(role, about: row.id) }
    }
}

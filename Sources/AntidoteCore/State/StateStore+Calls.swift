// What the project asks of a store, in terms of its few primitives.

// MARK: - Requests

extension StateStore {
    /// Admits an environment, or returns the one that this owner already has of this source, which is a use of it.
    ///
    /// Throws `limitExceeded`, `queueFull` and `sessionEnded`.
    package func admit(_ request: AdmissionRequest) async throws -> Admission {
        var admission = try await perform(Admit(request))
        guard !admission.isNew else { return admission }
        let used = try await recordUse(of: [admission.environment], at: admission.at)
        admission.environment = used[admission.environment.id] ?? admission.environment
        return admission
    }

    /// Wants another revision of an environment. Throws `notFound` when it is over or failed.
    package func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await perform(Revise(id, to: revision))
    }

    /// Wants an environment removed. One that is gone already is a success. Returns the row as it is then, if there is one.
    @discardableResult
    package func remove(_ id: EnvironmentID) async throws -> Environment? { try await perform(Remove(id)) }

    /// Says that environments are in use, as often as anybody likes: one is written only if
    /// ``Environment/isUseWorthRecording(at:)`` says that it is worth it.
    package func keepAlive(_ ids: [EnvironmentID]) async throws {
        guard !ids.isEmpty else { return }
        let known = try await environments(ids)
        _ = try await recordUse(of: Array(known.value.values), at: known.at)
    }

    /// No lock is taken for what was used a moment ago, and that is nearly every time.
    private func recordUse(of rows: [Environment], at now: Timestamp) async throws -> [EnvironmentID: Environment] {
        let ids = rows.filter { $0.isUseWorthRecording(at: now) }.map(\.id).sorted()
        return ids.isEmpty ? [:] : try await perform(Use(ids))
    }
}

// MARK: - Work

extension StateStore {
    /// Takes due environments under a lease, and grants capacity to queued ones in the order of their tickets.
    ///
    /// What `decide` wants recorded of an environment as it was claimed, at the store's time, is recorded in the same
    /// transaction: most claims would otherwise be followed by a commit at once. `decide` is pure, and may be asked
    /// again.
    package func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange] = { _, _ in [] }
    ) async throws -> [Claim] {
        guard request.limit > 0, !request.backends.isEmpty else { return [] }
        return try await perform(ClaimWork(request, recording: decide))
    }

    /// Records changes, each under its own lease; answers each in order.
    package func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        commits.isEmpty ? [] : try await perform(CommitChanges(commits))
    }

    /// A failure of an incarnation was seen at its provider. True if that is news.
    package func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await perform(Report(trouble, of: id, incarnation: incarnation))
    }
}

// MARK: - Reads

extension StateStore {
    /// `nil` if there is no such environment, or not any more.
    public func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await environments([id]).value[id]
    }

    /// Which of these environments the store has.
    package func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        ids.isEmpty ? [:] : try await environments(ids).value
    }

    /// The durable events of an environment after `sequence`, in order.
    public func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await events(.of(id, after: sequence))
    }

    /// What happened, oldest first: with who asked for what, the audit log.
    package func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        try await events(.matching(filter))
    }

    /// Events that no one has published, oldest first.
    package func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await events(.unpublished(limit: limit))
    }

    /// The store's own time, by which everything is decided.
    package func now() async throws -> Timestamp { try await environments([]).at }
}

// MARK: - Sessions

extension StateStore {
    /// Opens a session. Throws `limitExceeded` if its address has as many as it may.
    package func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await perform(OpenSession(request))
    }

    /// The session that the token belongs to; `nil` if there is none, or it is over.
    package func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        let found = try await sessions(.token(digest))
        return found.value.first { $0.isLive(at: found.at) }
    }

    /// `nil` if there is no such session, or not any more.
    package func session(_ id: OwnerID) async throws -> LiveSession? { try await sessions(.id(id)).value.first }

    /// The sessions that are not over, oldest first. For people and programs that list.
    package func sessions(limit: Int) async throws -> [LiveSession] { try await sessions(.live(limit: limit)).value }

    /// Exempts a session and everything that it has from every expiry, or ends that. Throws `notFound`.
    package func setPersistent(_ isPersistent: Bool, session: OwnerID) async throws -> LiveSession {
        try await perform(SetPersistent(isPersistent, session: session))
    }

    /// Ends a session: everything of it is to be removed. One that is over already is a success.
    package func endSession(_ id: OwnerID) async throws { try await perform(EndSession(id)) }
}

import AntidoteCore

/// A store that asks somebody before each call, who may wait or throw. Not within the process, as the API sees it.
struct GatedStore: InstanceStore {
    let base: InMemoryStateStore
    /// Told the name of the call.
    let gate: @Sendable (String) async throws -> Void

    var id: StoreID { base.id }
    var answersAtOnce: Bool { false }

    private func pass<Value>(_ name: String = #function, _ call: () async throws -> Value) async throws -> Value {
        try await gate(String(name.prefix { $0 != "(" }))
        return try await call()
    }

    func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await pass { try await base.admit(request) }
    }

    func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await pass { try await base.environment(id) }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await pass { try await base.environments(matching: filter) }
    }

    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await pass { try await base.change(id, toRevision: revision) }
    }

    func remove(_ id: EnvironmentID) async throws -> Environment? { try await pass { try await base.remove(id) } }

    func keepAlive(_ ids: [EnvironmentID]) async throws { try await pass { try await base.keepAlive(ids) } }

    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] { try await pass { try await base.claim(request, recording: decide) } }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await pass { try await base.renew(held, for: duration) }
    }

    func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await pass { try await base.commit(commits) }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await pass { try await base.nextDue(for: role, on: backends) }
    }

    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await pass { try await base.report(trouble, of: id, incarnation: incarnation) }
    }

    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await pass { try await base.known(ids) }
    }

    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await pass { try await base.events(of: id, after: sequence) }
    }

    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await pass { try await base.unpublishedEvents(limit: limit) }
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await pass { try await base.markPublished(events) }
    }

    func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await pass { try await base.openSession(request) }
    }

    func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await pass { try await base.session(withToken: digest) }
    }

    func session(_ id: OwnerID) async throws -> LiveSession? { try await pass { try await base.session(id) } }

    func sessions(limit: Int) async throws -> [LiveSession] { try await pass { try await base.sessions(limit: limit) } }

    func setPersistent(_ isPersistent: Bool, session: OwnerID) async throws -> LiveSession {
        try await pass { try await base.setPersistent(isPersistent, session: session) }
    }

    func endSession(_ id: OwnerID) async throws { try await pass { try await base.endSession(id) } }

    func replaceSources(with edition: SourceEdition) async throws {
        try await pass { try await base.replaceSources(with: edition) }
    }

    func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await pass { try await base.sources(query) }
    }

    func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        try await pass { try await base.events(matching: filter) }
    }

    func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await pass { try await base.forget(olderThan: age, limit: limit) }
    }

    func now() async throws -> Timestamp { try await pass { try await base.now() } }

    func checkHealth() async throws { try await pass { try await base.checkHealth() } }
}

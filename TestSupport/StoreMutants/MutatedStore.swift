import AntidoteCore

/// A right store with something wrong about it.
struct MutatedStore: InstanceStore {
    let base: any InstanceStore
    let mutation: StoreMutation
    let id: StoreID

    init(base: any InstanceStore, mutation: StoreMutation) {
        self.base = base
        self.mutation = mutation
        id = mutation.id(base.id)
    }

    var answersAtOnce: Bool { base.answersAtOnce }

    private func asked<Value>(_ body: () async throws -> Value) async throws -> Value {
        try mutation.before()
        return try await body()
    }

    func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await asked { try await mutation.admit(base, request) }
    }

    func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await asked { try await mutation.environment(base, id) }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await asked { try await mutation.environments(base, filter) }
    }

    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await asked { try await mutation.change(base, id, revision) }
    }

    func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await asked { try await mutation.remove(base, id) }
    }

    func keepAlive(_ ids: [EnvironmentID]) async throws { try await asked { try await mutation.keepAlive(base, ids) } }

    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        try await asked { try await mutation.claim(base, request, decide) }
    }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await asked { try await mutation.renew(base, held, duration) }
    }

    func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await asked { try await mutation.commit(base, commits) }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await asked { try await mutation.nextDue(base, role, backends) }
    }

    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await asked { try await mutation.report(base, trouble, id, incarnation) }
    }

    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await asked { try await mutation.known(base, ids) }
    }

    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await asked { try await mutation.eventsOf(base, id, sequence) }
    }

    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await asked { try await mutation.unpublished(base, limit) }
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await asked { try await mutation.markPublished(base, events) }
    }

    func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        try await asked { try await mutation.eventsMatching(base, filter) }
    }

    func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await asked { try await mutation.openSession(base, request) }
    }

    func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await asked { try await mutation.sessionWithToken(base, digest) }
    }

    func session(_ id: OwnerID) async throws -> LiveSession? { try await asked { try await base.session(id) } }

    func sessions(limit: Int) async throws -> [LiveSession] {
        try await asked { try await mutation.sessions(base, limit) }
    }

    func setPersistent(_ isPersistent: Bool, session: OwnerID) async throws -> LiveSession {
        try await asked { try await mutation.setPersistent(base, isPersistent, session) }
    }

    func endSession(_ id: OwnerID) async throws { try await asked { try await mutation.endSession(base, id) } }

    func replaceSources(with edition: SourceEdition) async throws {
        try await asked { try await mutation.replaceSources(base, edition) }
    }

    func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await asked { try await mutation.sources(base, query) }
    }

    func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await asked { try await mutation.forget(base, age, limit) }
    }

    func now() async throws -> Timestamp { try await base.now() }

    func checkHealth() async throws { try await asked { try await mutation.checkHealth(base) } }
}

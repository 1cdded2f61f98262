import AntidoteCore

/// A store behind a network: it refuses to work for a cancelled task, and a test may hold it up.
struct NetworkStore: StateStore {
    let base: InMemoryStateStore
    let before: @Sendable (String) async throws -> Void

    var id: StoreID { base.id }

    private func pass(_ operation: String = #function) async throws {
        try Task.checkCancellation()
        try await before(String(operation.prefix { $0 != "(" }))
        try Task.checkCancellation()
    }

    func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await pass()
        return try await base.admit(request)
    }

    func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await pass()
        return try await base.environment(id)
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await pass()
        return try await base.environments(matching: filter)
    }

    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await pass()
        return try await base.change(id, toRevision: revision)
    }

    func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await pass()
        return try await base.remove(id)
    }

    func keepAlive(_ ids: [EnvironmentID]) async throws {
        try await pass()
        try await base.keepAlive(ids)
    }

    /// The answer to a claim is what is held up: it was granted by then.
    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        try Task.checkCancellation()
        let claims = try await base.claim(request, recording: decide)
        if !claims.isEmpty { try await pass() }
        return claims
    }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await pass()
        return try await base.renew(held, for: duration)
    }

    func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await pass()
        return try await base.commit(commits)
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await pass()
        return try await base.nextDue(for: role, on: backends)
    }

    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await pass()
        return try await base.report(trouble, of: id, incarnation: incarnation)
    }

    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await pass()
        return try await base.known(ids)
    }

    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await pass()
        return try await base.events(of: id, after: sequence)
    }

    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await pass()
        return try await base.unpublishedEvents(limit: limit)
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await pass()
        try await base.markPublished(events)
    }
}

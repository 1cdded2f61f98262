/// A store each of whose calls is a span.
struct TracedStateStore: StateStore {
    let base: any StateStore
    let telemetry: Telemetry
    let attributes: [String: String]
    let vocabularies: EventVocabularies

    var id: StoreID { base.id }
    var answersAtOnce: Bool { base.answersAtOnce }

    func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await measure("admit", about(request), continuing: request.traceContext) { try await base.admit(request) }
    }

    func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await measure("environment", about(id)) { try await base.environment(id) }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await measure("environments") { try await base.environments(matching: filter) }
    }

    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await measure("change", about(id)) {
            try await base.change(id, toRevision: revision)
        } result: { change in
            // The kind is only known from the row that the store returns.
            about(change.environment.source, revision: revision)
        }
    }

    func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await measure("remove", about(id)) { try await base.remove(id) }
    }

    func keepAlive(_ ids: [EnvironmentID]) async throws {
        try await measure("keep alive") { try await base.keepAlive(ids) }
    }

    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        try await measure("claim", [AttributeKey.worker: request.worker.rawValue]) {
            try await base.claim(request, recording: decide)
        }
    }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await measure("renew") { try await base.renew(held, for: duration) }
    }

    func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await measure("commit", commits.count == 1 ? about(commits[0].environment) : [:]) {
            try await base.commit(commits)
        }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await measure("next due") { try await base.nextDue(for: role, on: backends) }
    }

    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await measure("report", about(id).merging([AttributeKey.incarnation: String(incarnation)]) { $1 }) {
            try await base.report(trouble, of: id, incarnation: incarnation)
        }
    }

    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await measure("known") { try await base.known(ids) }
    }

    func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        try await measure("roster") { try await base.roster(of: backend, after: ticket, limit: limit) }
    }

    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await measure("events", about(id)) { try await base.events(of: id, after: sequence) }
    }

    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await measure("unpublished events") { try await base.unpublishedEvents(limit: limit) }
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await measure("mark published") { try await base.markPublished(events) }
    }

    private func about(_ id: EnvironmentID) -> [String: String] { [AttributeKey.environment: id.rawValue] }

    private func about(_ request: AdmissionRequest) -> [String: String] {
        about(request.source, revision: request.revision).merging([
            AttributeKey.session: request.owner.rawValue, AttributeKey.backend: request.backend.rawValue,
        ]) { $1 }
    }

    private func about(_ source: EnvironmentSource, revision: Int) -> [String: String] {
        vocabularies[source.kind].attributes(of: source, revision: revision)
    }

    private func measure<Value>(
        _ name: String,
        _ about: @autoclosure () -> [String: String] = [:],
        continuing carrier: [String: String] = [:],
        operation: () async throws -> Value,
        result: (Value) -> [String: String] = { _ in [:] }
    ) async throws -> Value {
        try await telemetry.measure(
            "store \(name)",
            attributes.merging(about()) { $1 },
            continuing: carrier,
            operation: operation,
            result: result
        )
    }
}

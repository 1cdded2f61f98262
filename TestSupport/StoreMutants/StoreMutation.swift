public import AntidoteCore

/// What is wrong with a mutated store: closures round a right one. What is not said is as it should be.
public struct StoreMutation: Sendable {
    public typealias Base = any StateStore
    public typealias Decide = @Sendable (Environment, Timestamp) -> [EnvironmentChange]

    public var admit: @Sendable (Base, AdmissionRequest) async throws -> Admission = { try await $0.admit($1) }
    public var environment: @Sendable (Base, EnvironmentID) async throws -> Environment? = {
        try await $0.environment($1)
    }
    public var environments: @Sendable (Base, EnvironmentFilter) async throws -> [Environment] = {
        try await $0.environments(matching: $1)
    }
    public var change: @Sendable (Base, EnvironmentID, Int) async throws -> RevisionChange = {
        try await $0.change($1, toRevision: $2)
    }
    public var remove: @Sendable (Base, EnvironmentID) async throws -> Environment? = { try await $0.remove($1) }
    public var keepAlive: @Sendable (Base, [EnvironmentID]) async throws -> Void = { try await $0.keepAlive($1) }
    public var claim: @Sendable (Base, ClaimRequest, @escaping Decide) async throws -> [Claim] = {
        try await $0.claim($1, recording: $2)
    }
    public var renew: @Sendable (Base, [EnvironmentID: Fence], Duration) async throws -> [EnvironmentID: LeaseRenewal] =
        {
            try await $0.renew($1, for: $2)
        }
    public var commit: @Sendable (Base, [Commit]) async throws -> [CommitOutcome] = { try await $0.commit($1) }
    public var nextDue: @Sendable (Base, WorkerRole, [BackendID]) async throws -> Duration? = {
        try await $0.nextDue(for: $1, on: $2)
    }
    public var report: @Sendable (Base, ProviderFailure, EnvironmentID, Int) async throws -> Bool = {
        try await $0.report($1, of: $2, incarnation: $3)
    }
    public var known: @Sendable (Base, [EnvironmentID]) async throws -> [EnvironmentID: Environment] = {
        try await $0.known($1)
    }
    public var eventsOf: @Sendable (Base, EnvironmentID, Int64) async throws -> [EnvironmentEvent] = {
        try await $0.events(of: $1, after: $2)
    }
    public var unpublished: @Sendable (Base, Int) async throws -> [EnvironmentEvent] = {
        try await $0.unpublishedEvents(limit: $1)
    }
    public var markPublished: @Sendable (Base, [EnvironmentEvent]) async throws -> Void = {
        try await $0.markPublished($1)
    }
    public var eventsMatching: @Sendable (Base, EventFilter) async throws -> [EnvironmentEvent] = {
        try await $0.events(matching: $1)
    }
    public var openSession: @Sendable (Base, SessionRequest) async throws -> LiveSession = {
        try await $0.openSession($1)
    }
    public var sessionWithToken: @Sendable (Base, TokenDigest) async throws -> LiveSession? = {
        try await $0.session(withToken: $1)
    }
    public var sessions: @Sendable (Base, Int) async throws -> [LiveSession] = { try await $0.sessions(limit: $1) }
    public var setPersistent: @Sendable (Base, Bool, OwnerID) async throws -> LiveSession = {
        try await $0.setPersistent($1, session: $2)
    }
    public var endSession: @Sendable (Base, OwnerID) async throws -> Void = { try await $0.endSession($1) }
    public var replaceSources: @Sendable (Base, SourceEdition) async throws -> Void = {
        try await $0.replaceSources(with: $1)
    }
    public var sources: @Sendable (Base, SourceQuery) async throws -> SourceEdition? = { try await $0.sources($1) }
    public var forget: @Sendable (Base, Duration, Int) async throws -> Int = {
        try await $0.forget(olderThan: $1, limit: $2)
    }
    public var checkHealth: @Sendable (Base) async throws -> Void = { try await $0.checkHealth() }
    /// Asked before every call.
    public var before: @Sendable () throws -> Void = {}
    public var id: @Sendable (StoreID) -> StoreID = { $0 }

    public init(_ change: (inout StoreMutation) -> Void) { change(&self) }
}

@_spi(StoreKit) package import AntidoteCore

/// What is wrong with a mutated store: closures round a right one. What is not said is as it should be.
package struct StoreMutation: Sendable {
    package typealias Base = any StateStore
    package typealias Decide = @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    package typealias Renew =
        @Sendable (Base, [EnvironmentID: Fence], Duration) async throws -> [EnvironmentID: LeaseRenewal]

    package var admit: @Sendable (Base, AdmissionRequest) async throws -> Admission = { try await $0.admit($1) }
    package var environment: @Sendable (Base, EnvironmentID) async throws -> Environment? = {
        try await $0.environment($1)
    }
    package var environments: @Sendable (Base, EnvironmentFilter) async throws -> [Environment] = {
        try await $0.environments(matching: $1)
    }
    package var change: @Sendable (Base, EnvironmentID, Int) async throws -> RevisionChange = {
        try await $0.change($1, toRevision: $2)
    }
    package var remove: @Sendable (Base, EnvironmentID) async throws -> Environment? = { try await $0.remove($1) }
    package var keepAlive: @Sendable (Base, [EnvironmentID]) async throws -> Void = { try await $0.keepAlive($1) }
    package var claim: @Sendable (Base, ClaimRequest, @escaping Decide) async throws -> [Claim] = {
        try await $0.claim($1, recording: $2)
    }
    package var renew: Renew = { try await $0.renew($1, for: $2) }
    package var commit: @Sendable (Base, [Commit]) async throws -> [CommitOutcome] = { try await $0.commit($1) }
    package var nextDue: @Sendable (Base, WorkerRole, [BackendID]) async throws -> Duration? = {
        try await $0.nextDue(for: $1, on: $2)
    }
    package var report: @Sendable (Base, ProviderFailure, EnvironmentID, Int) async throws -> Bool = {
        try await $0.report($1, of: $2, incarnation: $3)
    }
    package var known: @Sendable (Base, [EnvironmentID]) async throws -> [EnvironmentID: Environment] = {
        try await $0.known($1)
    }
    package var eventsOf: @Sendable (Base, EnvironmentID, Int64) async throws -> [EnvironmentEvent] = {
        try await $0.events(of: $1, after: $2)
    }
    package var unpublished: @Sendable (Base, Int) async throws -> [EnvironmentEvent] = {
        try await $0.unpublishedEvents(limit: $1)
    }
    package var markPublished: @Sendable (Base, [EnvironmentEvent]) async throws -> Void = {
        try await $0.markPublished($1)
    }
    package var eventsMatching: @Sendable (Base, EventFilter) async throws -> [EnvironmentEvent] = {
        try await $0.events(matching: $1)
    }
    package var openSession: @Sendable (Base, SessionRequest) async throws -> LiveSession = {
        try await $0.openSession($1)
    }
    package var sessionWithToken: @Sendable (Base, TokenDigest) async throws -> LiveSession? = {
        try await $0.session(withToken: $1)
    }
    package var sessions: @Sendable (Base, Int) async throws -> [LiveSession] = { try await $0.sessions(limit: $1) }
    package var setPersistent: @Sendable (Base, Bool, OwnerID) async throws -> LiveSession = {
        try await $0.setPersistent($1, session: $2)
    }
    package var endSession: @Sendable (Base, OwnerID) async throws -> Void = { try await $0.endSession($1) }
    package var replaceSources: @Sendable (Base, SourceEdition) async throws -> Void = {
        try await $0.replaceSources(with: $1)
    }
    package var sources: @Sendable (Base, SourceQuery) async throws -> SourceEdition? = { try await $0.sources($1) }
    package var forget: @Sendable (Base, Duration, Int) async throws -> Int = {
        try await $0.forget(olderThan: $1, limit: $2)
    }
    package var checkHealth: @Sendable (Base) async throws -> Void = { try await $0.checkHealth() }
    /// Asked before every call.
    package var before: @Sendable () throws -> Void = {}
    package var id: @Sendable (StoreID) -> StoreID = { $0 }

    package init(_ change: (inout StoreMutation) -> Void) { change(&self) }
}

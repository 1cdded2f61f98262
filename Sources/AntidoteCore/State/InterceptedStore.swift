/// Looks at the calls of a store on their way: to trace them, to hold them up, to let them fail.
package protocol StoreInterceptor: Sendable {
    /// Carries out `call` by calling `body`: once, later, or not at all.
    func intercept<Answer: Sendable>(
        _ call: StoreCall,
        _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer

    /// Asked after a rule has decided, and before anything of it is written. What it throws breaks the transaction off.
    var beforeWriting: (@Sendable () throws -> Void)? { get }
}

extension StoreInterceptor {
    package var beforeWriting: (@Sendable () throws -> Void)? { nil }
}

/// What a store is asked for.
package enum StoreCall: Sendable {
    case perform(any StoreOperation)
    case renew([EnvironmentID: Fence])
    case environments([EnvironmentID])
    case list(EnvironmentFilter)
    case roster(BackendID)
    case nextDue(WorkerRole)
    case events(EventQuery)
    case markPublished([EnvironmentEvent])
    case sessions(SessionQuery)
    case forget
    case replaceSources
    case sources(SourceQuery)
    case checkHealth

    /// In a few words, as it is named in traces.
    package var name: String {
        switch self {
        case .perform(let operation): StoreCall.name(of: operation)
        case .renew: "renew"
        case .environments(let ids): ids.isEmpty ? "now" : ids.count == 1 ? "environment" : "known"
        case .list: "environments"
        case .roster: "roster"
        case .nextDue: "next due"
        case .events(.unpublished): "unpublished events"
        case .events: "events"
        case .markPublished: "mark published"
        case .sessions(.live): "sessions"
        case .sessions: "session"
        case .forget: "forget"
        case .replaceSources: "replace sources"
        case .sources: "sources"
        case .checkHealth: "check health"
        }
    }

    private static func name(of operation: any StoreOperation) -> String {
        switch operation {
        case is Admit: "admit"
        case is Revise: "change"
        case is Remove: "remove"
        case is Use: "keep alive"
        case is Report: "report"
        case is ClaimWork: "claim"
        case is CommitChanges: "commit"
        case is RenewLeases: "renew"
        case is OpenSession: "open session"
        case is SetPersistent: "set persistent"
        case is EndSession: "end session"
        default: "perform"
        }
    }
}

/// A store whose calls pass an interceptor.
package struct InterceptedStore<Interceptor: StoreInterceptor>: StateStore {
    package let base: any StateStore
    package let interceptor: Interceptor
    package let answersAtOnce: Bool

    /// - Parameter answersAtOnce: `nil`: as `base` says.
    package init(_ base: any StateStore, _ interceptor: Interceptor, answersAtOnce: Bool? = nil) {
        self.base = base
        self.interceptor = interceptor
        self.answersAtOnce = answersAtOnce ?? base.answersAtOnce
    }

    package var id: StoreID { base.id }

    package func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        try await interceptor.intercept(.perform(operation)) {
            guard let beforeWriting = interceptor.beforeWriting else { return try await base.perform(operation) }
            return try await base.perform(Interruptible(operation: operation, beforeWriting: beforeWriting))
        }
    }

    package func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration
    ) async throws -> [EnvironmentID: LeaseRenewal] {
        try await interceptor.intercept(.renew(held)) { try await base.renew(held, for: duration) }
    }

    package func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        try await interceptor.intercept(.environments(ids)) { try await base.environments(ids) }
    }

    package func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await interceptor.intercept(.list(filter)) { try await base.environments(matching: filter) }
    }

    package func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        try await interceptor.intercept(.roster(backend)) {
            try await base.roster(of: backend, after: ticket, limit: limit)
        }
    }

    package func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await interceptor.intercept(.nextDue(role)) { try await base.nextDue(for: role, on: backends) }
    }

    package func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        try await interceptor.intercept(.events(query)) { try await base.events(query) }
    }

    package func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await interceptor.intercept(.markPublished(events)) { try await base.markPublished(events) }
    }

    package func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        try await interceptor.intercept(.sessions(query)) { try await base.sessions(query) }
    }

    package func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await interceptor.intercept(.forget) { try await base.forget(olderThan: age, limit: limit) }
    }

    package func replaceSources(with edition: SourceEdition) async throws {
        try await interceptor.intercept(.replaceSources) { try await base.replaceSources(with: edition) }
    }

    package func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await interceptor.intercept(.sources(query)) { try await base.sources(query) }
    }

    package func checkHealth() async throws {
        try await interceptor.intercept(.checkHealth) { try await base.checkHealth() }
    }
}

/// An operation that may be broken off between its decision and the write.
private struct Interruptible<Operation: StoreOperation>: StoreOperation {
    let operation: Operation
    let beforeWriting: @Sendable () throws -> Void

    var needs: StoreNeeds { operation.needs }

    func decide(_ set: inout WorkingSet) throws -> Operation.Answer {
        var decided = set
        let answer = try operation.decide(&decided)
        try beforeWriting()
        set = decided
        return answer
    }
}

@_spi(StoreKit) import AntidoteCore

/// A right store with something wrong about it.
struct MutatedStore: StateStore {
    let base: any StateStore
    let mutation: StoreMutation
    let id: StoreID

    init(base: any StateStore, mutation: StoreMutation) {
        self.base = base
        self.mutation = mutation
        id = mutation.id(base.id)
    }

    var answersAtOnce: Bool { base.answersAtOnce }

    func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        guard let answer = try await asked({ try await answer(to: operation) }) as? Operation.Answer else {
            throw AntidoteError(.internalFault, "\(operation) has no mutation")
        }
        return answer
    }

    /// The mutation's, of the call that is this operation.
    private func answer(to operation: any StoreOperation) async throws -> any Sendable {
        switch operation {
        case let admission as Admit: try await mutation.admit(base, admission.request)
        case let revision as Revise: try await mutation.change(base, revision.id, revision.revision)
        case let removal as Remove: try await mutation.remove(base, removal.id)
        case let use as Use: try await used(use)
        case let report as Report:
            try await mutation.report(base, report.trouble, report.id, report.incarnation)
        case let claim as ClaimWork: try await mutation.claim(base, claim.request, claim.record)
        case let changes as CommitChanges: try await mutation.commit(base, changes.commits)
        case let opening as OpenSession: try await mutation.openSession(base, opening.request)
        case let persistence as SetPersistent:
            try await mutation.setPersistent(base, persistence.isPersistent, persistence.session)
        case let end as EndSession: try await mutation.endSession(base, end.session)
        default: operation
        }
    }

    private func used(_ use: Use) async throws -> [EnvironmentID: Environment] {
        try await mutation.keepAlive(base, use.ids)
        return try await base.known(use.ids)
    }

    private func asked<Value>(_ body: () async throws -> Value) async throws -> Value {
        try mutation.before()
        return try await body()
    }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await asked { try await mutation.renew(base, held, duration) }
    }

    func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        guard let id = ids.first else { return try await base.environments([]) }
        return try await asked {
            var found = try await base.environments(ids)
            found.value =
                ids.count == 1
                ? try await mutation.environment(base, id).map { [id: $0] } ?? [:]
                : try await mutation.known(base, ids)
            return found
        }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await asked { try await mutation.environments(base, filter) }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await asked { try await mutation.nextDue(base, role, backends) }
    }

    func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        try await asked {
            switch query {
            case .of(let id, let sequence): try await mutation.eventsOf(base, id, sequence)
            case .matching(let filter): try await mutation.eventsMatching(base, filter)
            case .unpublished(let limit): try await mutation.unpublished(base, limit)
            }
        }
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await asked { try await mutation.markPublished(base, events) }
    }

    func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        try await asked {
            var found = try await base.sessions(query)
            switch query {
            case .id: break
            case .token(let digest): found.value = try await mutation.sessionWithToken(base, digest).map { [$0] } ?? []
            case .live(let limit): found.value = try await mutation.sessions(base, limit)
            }
            return found
        }
    }

    func replaceSources(with edition: SourceEdition) async throws {
        try await asked { try await mutation.replaceSources(base, edition) }
    }

    func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await asked { try await mutation.sources(base, query) }
    }

    func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await asked { try await mutation.forget(base, age, limit) }
    }

    func checkHealth() async throws { try await asked { try await mutation.checkHealth(base) } }
}

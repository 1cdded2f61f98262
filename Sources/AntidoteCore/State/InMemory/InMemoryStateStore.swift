import ConcurrencyKit
import Synchronization

/// A store within one process, which ends with it: for embedders, laptops and tests.
///
/// A final class over a `Mutex` and not an actor: a shared world must not stop because one of its users does. Each
/// operation has a scheduling point before and after its effect, so that a simulation can interleave it.
public final class InMemoryStateStore: StateStore {
    public let id: StoreID
    public let answersAtOnce = true
    private let time: TimeSource
    private let random: RandomSource
    private let state: Mutex<InMemoryState>

    public init(
        time: TimeSource,
        random: RandomSource,
        limits: AdmissionLimits = AdmissionLimits()
    ) {
        id = random.storeID()
        self.time = time
        self.random = random
        state = Mutex(InMemoryState(limits: limits))
    }

    public func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        try await transaction { state, now in
            var set = state.load(operation.needs, now: now, random: random)
            let answer = try operation.decide(&set)
            state.write(set)
            return answer
        }
    }

    private func transaction<Result: Sendable>(
        _ body: (inout InMemoryState, Timestamp) throws -> Result
    ) async throws -> Result {
        await Task.schedulingPoint()
        let result = try state.withLock { try body(&$0, time.now()) }
        await Task.schedulingPoint()
        return result
    }
}

// MARK: - Reads

extension InMemoryStateStore {
    public func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        try await transaction { state, now in
            var found: [EnvironmentID: Environment] = [:]
            for id in ids { found[id] = state.rows[id] }
            return Dated(found, at: now)
        }
    }

    public func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await transaction { state, _ in
            let candidates = filter.owner.map { state.rows(of: $0) } ?? Array(state.rows.values)
            let accepted = candidates.filter(filter.accepts).sorted { $0.ticket < $1.ticket }
            return Array(accepted.prefix(max(0, filter.limit ?? .max)))
        }
    }

    public func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await transaction { state, now in state.nextDue(for: role, on: backends, now: now) }
    }

    public func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        try await transaction { state, _ in state.journal.events(query) }
    }

    public func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        try await transaction { state, now in Dated(state.sessions.sessions(query, now: now), at: now) }
    }

    public func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await transaction { state, _ in state.sources.edition(query) }
    }

    public func checkHealth() async throws {}
}

// MARK: - Writes without a rule

extension InMemoryStateStore {
    public func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await transaction { state, _ in state.journal.markPublished(events) }
    }

    public func replaceSources(with edition: SourceEdition) async throws {
        try await transaction { state, now in state.sources.replace(with: edition, now: now) }
    }

    public func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await transaction { state, now in state.forget(before: now + (.zero - age), limit: limit) }
    }
}

// MARK: - For simulations and tests

extension InMemoryStateStore {
    /// From now on every change is kept for ``takeTrail()``.
    package func keepTrail() { state.withLock { $0.trail = [] } }

    /// What was changed since it was taken last, oldest first.
    package func takeTrail() -> [RowChange] {
        state.withLock { state in
            guard let trail = state.trail, !trail.isEmpty else { return [] }
            state.trail = []
            return trail
        }
    }

    /// All rows as they are now, for who must not wait for them.
    package var rows: [EnvironmentID: Environment] { state.withLock { $0.rows } }

    /// Events that no one has published, as they are now.
    package var outbox: [EnvironmentEvent] { state.withLock { $0.journal.events(.unpublished(limit: .max)) } }

    /// The durable events of `id`, as they are now.
    package func journal(of id: EnvironmentID) -> [EnvironmentEvent] {
        state.withLock { $0.journal.events(.of(id, after: 0)) }
    }
}

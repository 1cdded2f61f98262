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
    let random: RandomSource
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

    public func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await transaction { state, now in
            let session = state.sessions[request.owner]
            if request.requiresSession, session?.isLive(at: now) != true { throw AntidoteError.sessionEnded }
            let own = state.rows(of: request.owner)
            if let row = own.first(where: { $0.isRunning && $0.source.isSame(as: request.source) }) {
                return Admission(environment: state.noteUse(of: row.id, now: now) ?? row, isNew: false, events: [])
            }
            try state.limits.check(
                ofOwner: own.count(where: \.isRunning),
                ofAddress: state.sessions.environments(beside: request.owner),
                waiting: state.queueLength
            )
            let row = Environment(
                admitting: request,
                of: session,
                id: random.environmentID(),
                ticket: state.nextTicket(),
                now: now
            )
            let (admitted, events) = state.insert(row, now: now)
            return Admission(environment: admitted, isNew: true, events: events)
        }
    }

    public func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await transaction { state, _ in state.rows[id] }
    }

    public func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await transaction { state, _ in
            let candidates = filter.owner.map { state.rows(of: $0) } ?? Array(state.rows.values)
            let accepted = candidates.filter(filter.accepts).sorted { $0.ticket < $1.ticket }
            return Array(accepted.prefix(filter.limit ?? .max))
        }
    }

    public func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await transaction { state, now in
            guard let (changed, events) = state.change(id, .revise(to: revision), now: now) else {
                throw AntidoteError(
                    .notFound,
                    "there is no running environment \(id)",
                    recovery: "Ask for a new one."
                )
            }
            return RevisionChange(environment: changed, events: events)
        }
    }

    @discardableResult
    public func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await transaction { state, now in
            state.change(id, .remove, now: now)?.row ?? state.rows[id]
        }
    }

    public func keepAlive(_ ids: [EnvironmentID]) async throws {
        try await transaction { state, now in
            for id in ids { state.noteUse(of: id, now: now) }
        }
    }

    public func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await transaction { state, now in
            state.change(id, .report(trouble, incarnation: incarnation), now: now) != nil
        }
    }

    public func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await transaction { state, _ in
            var known: [EnvironmentID: Environment] = [:]
            for id in ids { known[id] = state.rows[id] }
            return known
        }
    }

    public func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await transaction { state, _ in state.journal.events(of: id, after: sequence) }
    }

    public func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await transaction { state, _ in state.journal.unpublishedEvents(limit: limit) }
    }

    public func markPublished(_ events: [EnvironmentEvent]) async throws {
        try await transaction { state, _ in state.markPublished(events) }
    }

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
    package var outbox: [EnvironmentEvent] { state.withLock { $0.journal.unpublishedEvents(limit: .max) } }

    /// The durable events of `id`, as they are now.
    package func journal(of id: EnvironmentID) -> [EnvironmentEvent] {
        state.withLock { $0.journal.events(of: id, after: 0) }
    }

    func transaction<Result: Sendable>(
        _ body: (inout InMemoryState, Timestamp) throws -> Result
    ) async throws -> Result {
        await Task.schedulingPoint()
        let result = try state.withLock { try body(&$0, time.now()) }
        await Task.schedulingPoint()
        return result
    }
}

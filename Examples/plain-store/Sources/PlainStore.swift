@_spi(StoreKit) import AntidoteCore
import Synchronization

/// A store whose tables are arrays: the least that works. It shows what a store has to do, and nothing else.
///
/// Every call is one turn under a lock, which is this store's transaction.
final class PlainStore: StateStore {
    let id: StoreID
    let answersAtOnce = true
    private let limits: AdmissionLimits
    private let time: TimeSource
    private let random: RandomSource
    private let tables = Mutex(Tables())

    init(limits: AdmissionLimits, time: TimeSource, random: RandomSource) {
        id = random.storeID()
        self.limits = limits
        self.time = time
        self.random = random
    }

    /// Loads what the operation needs, lets the core decide, and writes what came of it.
    func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        try tables.withLock { tables in
            var set = WorkingSet(now: time.now(), limits: limits, random: random)
            tables.load(operation.needs, into: &set)
            let answer = try operation.decide(&set)
            tables.write(set)
            return answer
        }
    }

    private func turn<Answer>(_ body: (inout Tables, Timestamp) throws -> Answer) rethrows -> Answer {
        try tables.withLock { try body(&$0, time.now()) }
    }
}

// MARK: - Reads

extension PlainStore {
    func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        turn { tables, now in
            let found = tables.environments.filter { ids.contains($0.id) }
            return Dated(Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) }), at: now)
        }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        turn { tables, _ in Array(tables.environments.filter(filter.accepts).prefix(filter.limit ?? .max)) }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        turn { tables, now in
            let rows = tables.environments.filter { backends.contains($0.backend) }
            if role == .scheduler, !tables.queued(on: backends, limit: 1, limits, now: now).isEmpty { return .zero }
            let moments = rows.map { Lifecycle.evaluate($0, now: now) }.filter { $0.role == role }
            return moments.compactMap(\.claimableAt).min().map { max(.zero, $0 - now) }
        }
    }

    func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        turn { tables, _ in
            switch query {
            case .of(let id, let sequence):
                tables.events.filter { $0.environment == id && $0.sequence > sequence }
            case .matching(let filter):
                Array(
                    tables.events.filter(filter.accepts).sorted { EventPosition($0) < EventPosition($1) }
                        .prefix(filter.limit)
                )
            case .unpublished(let limit):
                Array(tables.events.filter { !tables.published.contains($0.id) }.prefix(limit))
            }
        }
    }

    func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        turn { tables, now in
            let found =
                switch query {
                case .id(let id): tables.sessions.filter { $0.session.id == id }
                case .token(let digest): tables.sessions.filter { $0.request.tokenDigest == digest }
                case .live(let limit):
                    Array(tables.sessions.filter { $0.session.isLive(at: now) }.prefix(limit))
                }
            return Dated(found.map(\.session), at: now)
        }
    }

    func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        turn { tables, _ in
            tables.editions.first {
                $0.edition.kind == query.kind
                    && (query.version.map { [version = $0.edition.version] in $0 == version } ?? ($0.retiredAt == nil))
            }?.edition.answer(to: query)
        }
    }

    func checkHealth() async throws {}
}

// MARK: - Writes without a rule

extension PlainStore {
    func markPublished(_ events: [EnvironmentEvent]) async throws {
        turn { tables, _ in tables.published.formUnion(events.map(\.id)) }
    }

    func replaceSources(with edition: SourceEdition) async throws {
        turn { tables, now in tables.replace(with: edition, now: now) }
    }

    func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        turn { tables, now in tables.forget(before: now + (.zero - age), limit: limit) }
    }
}

public import AntidoteCore
import PostgresClient

extension PostgresStateStore {
    public func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        guard request.limit > 0, !request.backends.isEmpty else { return [] }
        let mustCount = request.role == .scheduler && limits.limitCapacity
        return try await writing { [limits, id] transaction in
            let backends = PostgresValue.texts(request.backends.map(\.rawValue))
            let limit = PostgresValue.integer(request.limit)
            var statements = [PostgresDatabase.selectMeta(), ClaimSQL.due(request.role)(backends, limit)]
            if mustCount {
                // One at a time grants: what is counted then stays so until the end.
                statements.insert(SQL.lock(.integer(Schema.Lock.grants)), at: 0)
                statements.append(ClaimSQL.capacity())
            }
            if request.role == .scheduler {
                statements.append(ClaimSQL.waiting(backends, limit, .integer(limits.perSource ?? .max)))
            }
            statements.append(SQL.clock)
            var answers = try transaction.run(statements)[...]
            if mustCount { answers = answers.dropFirst() }
            guard let now = try answers.popLast()?.time(), let meta = answers.popFirst() else {
                throw PostgresError.lost
            }
            try Self.check(meta, is: id)
            let due = try answers.popFirst()?.map { try StoredEnvironment($0) } ?? []
            let held = mustCount ? try answers.popFirst().map { try HeldCapacity($0) } ?? HeldCapacity() : nil
            let waiting = try answers.popFirst()?.map { try StoredEnvironment($0) } ?? []
            var batch = ClaimBatch(request, decide, limits: limits, held: held, due: due, waiting: waiting, now: now)
            let claims = batch.claims()
            try transaction.finish(batch.workspace.writer.statements())
            return claims
        }
    }

    public func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        guard !backends.isEmpty else { return nil }
        return try await reading { [limits] transaction in
            let names = PostgresValue.texts(backends.map(\.rawValue))
            let answers = try transaction.finish([
                SQL.clock,
                ClaimSQL.earliest(role)(names),
                ClaimSQL.firstWaiting(names, .integer(limits.perSource ?? .max)),
                ClaimSQL.capacity(),
            ])
            let now = try answers[0].time()
            if role == .scheduler {
                let held = try HeldCapacity(answers[3])
                let canGrant = try answers[2].contains {
                    held.hasRoom(for: try StoredEnvironment($0).row, within: limits)
                }
                if canGrant { return .zero }
            }
            let earliest = try answers[1].first?.timestampIfAny(0)
            return earliest.map { max(.zero, $0 - now) }
        }
    }
}

/// Which rows a claim takes, and what comes of it. A value.
struct ClaimBatch {
    private let request: ClaimRequest
    private let decide: (Environment, Timestamp) -> [EnvironmentChange]
    private let limits: AdmissionLimits
    private var held: HeldCapacity?
    private let due: [StoredEnvironment]
    private let waiting: [StoredEnvironment]
    private(set) var workspace: Workspace

    init(
        _ request: ClaimRequest,
        _ decide: @escaping (Environment, Timestamp) -> [EnvironmentChange],
        limits: AdmissionLimits,
        held: HeldCapacity?,
        due: [StoredEnvironment],
        waiting: [StoredEnvironment],
        now: Timestamp
    ) {
        self.request = request
        self.decide = decide
        self.limits = limits
        self.held = held
        self.due = due
        self.waiting = waiting
        workspace = Workspace(due + waiting, now: now)
    }

    /// Of each backend in turn: first what is due, then who waits, by ticket.
    mutating func claims() -> [Claim] {
        var claims: [Claim] = []
        for backend in request.backends {
            for row in due where row.row.backend == backend && claims.count < request.limit {
                if let claim = claim(row.row.id) { claims.append(claim) }
            }
            for row in waiting where row.row.backend == backend && claims.count < request.limit {
                guard held?.hasRoom(for: row.row, within: limits) ?? true else { continue }
                held?.add(row.row)
                if let claim = claim(row.row.id) { claims.append(claim) }
            }
        }
        return claims
    }

    private mutating func claim(_ id: EnvironmentID) -> Claim? {
        let (request, now) = (request, workspace.now)
        guard let before = workspace[id]?.phase else { return nil }
        let taken = workspace.update(id) { row in
            row.take(request, now: now)
            return []
        }
        guard let taken = taken?.row, let lease = taken.lease else { return nil }
        let changes = decide(taken, now)
        guard !changes.isEmpty else { return Claim(environment: taken, lease: lease, at: now, phaseBefore: before) }
        let commit = Commit(environment: id, fence: lease.fence, changes: changes)
        let recorded = workspace.update(id) { $0.record(commit, now: now) }
        return Claim(
            environment: recorded?.row ?? taken,
            lease: lease,
            at: now,
            phaseBefore: before,
            events: recorded?.events ?? []
        )
    }
}

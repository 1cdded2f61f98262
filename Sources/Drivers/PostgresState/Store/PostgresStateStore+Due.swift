@_spi(StoreKit) public import AntidoteCore
import PostgresClient

extension PostgresStateStore {
    func claim(_ request: ClaimRequest, _ decision: Decision) async throws {
        guard request.limit > 0, !request.backends.isEmpty else { throw PostgresError.lost }
        let backends = PostgresValue.texts(request.backends.map(\.rawValue))
        let limit = PostgresValue.integer(request.limit)
        let isScheduler = request.role == .scheduler
        let mustCount = isScheduler && limits.limitCapacity
        var statements = [PostgresDatabase.selectMeta(), ClaimSQL.due(request.role)(backends, limit)]
        if mustCount {
            // One at a time grants: what is counted then stays so until the end.
            statements.insert(SQL.lock(.integer(Schema.Lock.grants)), at: 0)
            statements.append(ClaimSQL.capacity())
        }
        if isScheduler { statements.append(ClaimSQL.waiting(backends, limit, .integer(limits.perSource ?? .max))) }
        try await decide(decision, reading: statements) { [id] loaded, answers in
            var answers = answers.dropFirst(mustCount ? 1 : 0)
            guard let meta = answers.popFirst(), let due = answers.popFirst() else { throw PostgresError.lost }
            try Self.check(meta, is: id)
            loaded.set.due = try loaded.load(due)
            if mustCount, let counts = answers.popFirst() { loaded.set.capacity = try HeldCapacity(counts) }
            if isScheduler, let queued = answers.popFirst() { loaded.set.queued = try loaded.load(queued) }
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
                    let row = try StoredEnvironment($0).row
                    return held.room(for: row.source, on: row.backend, within: limits) > 0
                }
                if canGrant { return .zero }
            }
            let earliest = try answers[1].first?.timestampIfAny(0)
            return earliest.map { max(.zero, $0 - now) }
        }
    }

    /// One statement, which writes nothing but the end of the leases and what is due by it.
    public func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration
    ) async throws -> [EnvironmentID: LeaseRenewal] {
        guard !held.isEmpty else { return [:] }
        // In the order in which everybody locks rows.
        let sorted = held.sorted { $0.key < $1.key }
        let statement = Self.renewal(
            .texts(sorted.map(\.key.rawValue)),
            .integers(sorted.map(\.value.rawValue)),
            .integer(duration.wholeMicroseconds)
        )
        return try await reading { transaction in
            var renewals: [EnvironmentID: LeaseRenewal] = [:]
            for row in try transaction.finish(statement) {
                let id = EnvironmentID(unchecked: try row.text(0))
                renewals[id] = LeaseRenewal(fence: Fence(try row.integer(1)), generation: Int(try row.integer(2)))
            }
            return renewals
        }
    }

    /// What is due while somebody holds it is due when the lease is over: that moves with it.
    private static let renewal = PostgresQuery(
        "renew leases",
        """
        update \(SQL.environments) as stored set lease_ends_at = ends_at, \
        due_scheduler = greatest(due_scheduler, case when due_scheduler is not null then ends_at end), \
        due_collector = greatest(due_collector, case when due_collector is not null then ends_at end) \
        from (\
        select id, fence, statement_timestamp() + $3 * interval '1 microsecond' as ends_at \
        from unnest($1::text[], $2::bigint[]) as held (id, fence)\
        ) as held \
        where stored.id = held.id and stored.lease_fence = held.fence and stored.lease_ends_at > clock_timestamp() \
        returning stored.id, stored.lease_fence, stored.generation
        """
    )
}

extension HeldCapacity {
    /// Reads the answer to ``ClaimSQL/capacity``.
    fileprivate init(_ rows: PostgresRows) throws {
        self.init()
        for row in rows {
            let source = EnvironmentSource(kind: try row.text(1), name: try row.text(2))
            add(Int(try row.integer(3)), of: source, on: BackendID(unchecked: try row.text(0)))
        }
    }
}

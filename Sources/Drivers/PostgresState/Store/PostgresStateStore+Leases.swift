public import AntidoteCore
import PostgresClient

extension PostgresStateStore {
    public func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        guard !commits.isEmpty else { return [] }
        return try await changing(commits.map(\.environment)) { workspace in
            commits.map { commit in
                let now = workspace.now
                guard workspace[commit.environment]?.isHeld(under: commit.fence, at: now) == true,
                    let (row, events) = workspace.update(commit.environment, { $0.record(commit, now: now) })
                else { return .lost }
                return .committed(row, events: events, at: now)
            }
        }
    }

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

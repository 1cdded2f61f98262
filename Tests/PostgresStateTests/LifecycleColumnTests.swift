@_spi(StoreKit) import AntidoteCore
import PostgresClient
import Testing

@testable import PostgresState

/// What queries and indexes go by is written beside a row. It must be what the lifecycle says of that row.
@Suite struct LifecycleColumnTests {
    @Test func `the due times and partial indexes of every row are those of its lifecycle`() async throws {
        try await withStore { store, _ in
            let random = RandomSource.seeded(11)
            var seen: Set<Phase> = []
            for number in 0..<100 {
                let id = try await store.admit(Sample.request("o\(number)", idle: .seconds(1800))).environment.id
                for step in 0..<10 {
                    if step > 0 { try await disturb(id, in: store, random) }
                    let row = try #require(try await store.environment(id))
                    seen.insert(row.phase)
                    #expect(
                        try await facts(about: row, in: store) == Facts(Lifecycle.evaluate(row, now: row.createdAt))
                    )
                }
            }
            #expect(seen == Set(Phase.allCases))
        }
    }

    private func facts(about row: Environment, in store: PostgresStateStore) async throws -> Facts? {
        try await store.pool.transaction(isRepeatable: true) { transaction in
            try transaction.finish(Self.facts(.text(row.id.rawValue))).map { try Facts($0) }.first
        }
    }

    private struct Facts: Equatable {
        var scheduler: Timestamp?
        var collector: Timestamp?
        var isRunning: Bool
        var isQueued: Bool
        var isOpen: Bool
        var isClosed: Bool

        init(_ evaluation: Lifecycle.Evaluation) {
            scheduler = evaluation.role == .scheduler ? evaluation.claimableAt : nil
            collector = evaluation.role == .collector ? evaluation.claimableAt : nil
            isRunning = evaluation.isRunning
            isQueued = evaluation.awaitsCapacity
            isOpen = evaluation.view.phase != .closed
            isClosed = evaluation.view.phase == .closed
        }

        init(_ row: PostgresRow) throws(PostgresError) {
            scheduler = try row.timestampIfAny(0)
            collector = try row.timestampIfAny(1)
            isRunning = try row.bool(2)
            isQueued = try row.bool(3)
            isOpen = try row.bool(4)
            isClosed = try row.bool(5)
        }
    }

    private static let facts = PostgresQuery(
        "facts",
        """
        select due_scheduler, due_collector, \(SQL.isRunning), \(SQL.isQueued), \(SQL.isOpen), \(SQL.isClosed) \
        from \(SQL.environments) where id = $1
        """
    )

    /// One step of a life, a request, or a failure.
    private func disturb(_ id: EnvironmentID, in store: PostgresStateStore, _ random: RandomSource) async throws {
        switch random.next() % 12 {
        case 0: try await store.remove(id)
        case 1: _ = try? await store.change(id, toRevision: Int(random.next() % 3))
        case 2: try await handBack(to: store)
        case 3: _ = try await store.report(.dead(["linux1"]), of: id, incarnation: 1)
        default: try await work(in: store, fails: random.next() % 5 == 0, isFinal: random.next() % 3 == 0)
        }
    }

    /// Claims it and decides nothing: a row that was granted capacity is in its first phase then.
    private func handBack(to store: PostgresStateStore) async throws {
        for claim in try await store.claim(Sample.claim()) {
            let commit = Commit(environment: claim.environment.id, fence: claim.lease.fence, releases: true)
            _ = try await store.commit([commit])
        }
    }

    private func work(in store: PostgresStateStore, fails: Bool, isFinal: Bool) async throws {
        for role in WorkerRole.allCases {
            let claims = try await store.claim(Sample.claim(role)) { row, now in
                Lifecycle.next(for: row, as: role, now: now, policy: SchedulingPolicy(failedRetention: .zero)).changes
            }
            for claim in claims {
                let row = claim.environment
                let step = Lifecycle.next(for: row, as: role, now: claim.at, policy: SchedulingPolicy()).step
                var changes: [EnvironmentChange] =
                    switch step {
                    case .converge:
                        [
                            .built(
                                Sample.provisioned(row.id, store.id),
                                generation: row.generation,
                                repaired: row.observed.troubled
                            )
                        ]
                    case .configure: [.configured(generation: row.generation)]
                    case .destroy(let incarnation): [.destroyed(through: incarnation)]
                    case .record, .rest, nil: []
                    }
                if fails {
                    let error = AntidoteError(.backendUnavailable, "busy")
                    changes = [
                        isFinal
                            ? .fail(error, generation: row.generation, keptFor: .seconds(60))
                            : .retry(after: .seconds(0.001), generation: row.generation, because: error)
                    ]
                }
                let commit = Commit(environment: row.id, fence: claim.lease.fence, changes: changes, releases: true)
                _ = try await store.commit([commit])
            }
        }
    }
}

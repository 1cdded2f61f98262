@_spi(StoreKit) import AntidoteCore
import PostgresClient
import Testing

@testable import PostgresState

/// Renewal and retention are single statements, and ask no rule of the core. They must do what the rules say of any row.
@Suite struct StatementRuleTests {
    @Test func `renewal does to 10,000 random rows what its rule says`() async throws {
        try await withStore { store, _ in
            let random = RandomSource.seeded(5)
            let now = try await store.now()
            let rows = try await Self.write(10_000, to: store, random, now)
            var held: [EnvironmentID: Fence] = [:]
            for row in rows where random.next() % 4 != 0 {
                let isOld = random.next() % 4 == 0
                held[row.id] = Fence(row.fence.rawValue - (isOld ? 1 : 0))
            }
            var set = WorkingSet(now: now, limits: AdmissionLimits(), random: random)
            for row in rows { set.load(row) }
            let wanted = RenewLeases(held, for: .seconds(7200)).decide(&set)
            #expect(wanted.count > 500 && wanted.count < held.count)
            #expect(try await store.renew(held, for: .seconds(7200)) == wanted)

            let found = try await store.environments(rows.map(\.id)).value
            let due = try await Self.dueColumns(of: store)
            for row in rows {
                var after = try #require(found[row.id])
                let evaluation = Lifecycle.evaluate(after, now: after.createdAt)
                #expect(due[row.id]?.scheduler == (evaluation.role == .scheduler ? evaluation.claimableAt : nil))
                #expect(due[row.id]?.collector == (evaluation.role == .collector ? evaluation.claimableAt : nil))
                if wanted[row.id] != nil {
                    let end = try #require(after.lease?.endsAt)
                    #expect(end >= now + .seconds(7200) && end < now + .seconds(7800))
                    after.lease = row.lease
                }
                #expect(after == row)
            }
        }
    }

    @Test func `retention forgets of 10,000 random rows those that are closed for long enough`() async throws {
        try await withStore { store, _ in
            let random = RandomSource.seeded(6)
            let now = try await store.now()
            let rows = try await Self.write(10_000, to: store, random, now)
            let moment = now + .seconds(-3 * 3600)
            let over = rows.filter { $0.phase == .closed && $0.phaseSince < moment }.map(\.id)
            #expect(over.count > 100)
            #expect(try await store.forget(olderThan: .seconds(3 * 3600), limit: over.count - 1) == over.count - 1)
            #expect(try await store.forget(olderThan: .seconds(3 * 3600), limit: 20_000) == 1)
            let left = try await store.environments(rows.map(\.id)).value
            #expect(Set(left.keys) == Set(rows.map(\.id)).subtracting(over))
        }
    }

    /// Writes rows that have lived through random changes, some of them held. Their times are whole hours and a half away
    /// from `now`, so that what real time goes by decides nothing.
    private static func write(
        _ count: Int,
        to store: PostgresStateStore,
        _ random: RandomSource,
        _ now: Timestamp
    ) async throws -> [Environment] {
        let rows = (1...count).map { row(Int64($0), random, now) }
        let writer = RowWriter(
            rows: rows.map { StoredEnvironment(row: $0, original: nil, provisionedText: nil) },
            events: []
        )
        _ = try await store.pool.transaction { try $0.finish(writer.statements()).count }
        return rows
    }

    private static func row(_ ticket: Int64, _ random: RandomSource, _ now: Timestamp) -> Environment {
        func draw(_ count: UInt64) -> Int { Int(random.next() % count) }
        var at = now + .seconds(-20 * 3600 - 1800)
        let idle: Duration? = draw(2) == 0 ? .seconds(3600) : nil
        var row = Environment(
            admitting: Sample.request("o\(ticket)", idle: idle),
            id: random.environmentID(),
            ticket: ticket,
            now: at
        )
        for _ in 0..<draw(14) {
            at = at + .seconds(3600 * draw(2))
            let error = AntidoteError(.backendUnavailable, "busy")
            switch draw(14) {
            case 0, 1: row.take(Sample.claim(), now: at)
            case 2: row.take(Sample.claim(.collector), now: at)
            case 3: row.apply(.begin(incarnation: row.incarnation + 1), now: at)
            case 4:
                let built = Sample.provisioned(row.id, StoreID(unchecked: "aaaaaaaaaaaaaaaa"))
                row.apply(.built(built, generation: row.generation, repaired: row.observed.troubled), now: at)
            case 5: row.apply(.configured(generation: row.generation), now: at)
            case 6: row.apply(.retry(after: .seconds(5400), generation: row.generation, because: error), now: at)
            case 7: row.apply(.fail(error, generation: row.generation, keptFor: .seconds(1800)), now: at)
            case 8: row.apply(.remove, now: at)
            case 9: row.apply(.revise(to: draw(3)), now: at)
            case 10: row.apply(.report(.dead(["linux1"]), incarnation: row.incarnation), now: at)
            default:
                for change in [.abandon, .destroyed(through: row.incarnation), .close] as [EnvironmentChange] {
                    row.apply(change, now: at)
                }
            }
        }
        switch draw(3) {
        case 0: row.lease = nil
        case 1: row.lease?.endsAt = now + .seconds(-1800)
        default: row.lease?.endsAt = now + .seconds(1800)
        }
        return row
    }

    private static func dueColumns(
        of store: PostgresStateStore
    ) async throws -> [EnvironmentID: (scheduler: Timestamp?, collector: Timestamp?)] {
        try await store.pool.transaction(isRepeatable: true) { transaction in
            var columns: [EnvironmentID: (scheduler: Timestamp?, collector: Timestamp?)] = [:]
            for row in try transaction.finish(select()) {
                columns[EnvironmentID(unchecked: try row.text(0))] = (
                    try row.timestampIfAny(1), try row.timestampIfAny(2)
                )
            }
            return columns
        }
    }

    private static let select = PostgresQuery(
        "due columns",
        "select id, due_scheduler, due_collector from \(SQL.environments)"
    )
}

#if SQLite
@_spi(StoreKit) import AntidoteCore
import GRDB
import Synchronization
import Testing

@testable import SQLiteState

@Suite("What the statements of SQLite cost")
struct SQLitePlanTests {
    /// A plan that scans a table grows with what is stored.
    @Test("no statement of the services reads a whole table")
    func plans() async throws {
        let limits = AdmissionLimits(
            perOwner: 100,
            perAddress: 100,
            sessionsPerAddress: 100,
            perSource: 100,
            perBackend: 100,
            perInstance: 100,
            queueLength: 100
        )
        // In memory, because there is one connection to watch.
        let store = try await SQLiteStateStore.inMemory(instance: InstanceID(unchecked: "suite"), limits: limits)
        let statements = Mutex<Set<String>>([])
        try await store.tracing { sql in _ = statements.withLock { $0.insert(sql) } }
        try await everything(with: store)
        let traced = statements.withLock { $0 }.filter { $0.contains("antidote_") && !$0.hasPrefix("--") }
        #expect(traced.count > 30)
        for sql in traced.sorted() {
            let plan = try await store.plan(of: sql)
            let scans = plan.filter { $0.hasPrefix("SCAN antidote_") && !$0.contains(" USING ") }
            #expect(scans == [], "\(sql)\n\(plan.joined(separator: "\n"))")
            // The events of one environment are few, and so are the editions that are kept.
            let isOfFew = sql.contains("environment = ?") || sql.contains("antidote_resource_editions")
            let sorts = plan.filter { $0.contains("TEMP B-TREE") }
            #expect(isOfFew || sorts == [], "\(sql)\n\(plan.joined(separator: "\n"))")
        }
        // The claims of workers go by what is due, whatever else there is.
        let claims = traced.filter { $0.contains("due_scheduler <=") || $0.contains("due_collector <=") }
        #expect(claims.count == 2)
        for sql in claims {
            let plan = try await store.plan(of: sql)
            #expect(plan.first?.contains("<?)") == true && plan.count == 1, "\(sql)\n\(plan)")
        }
        try await store.close()
    }

    /// What services call again and again.
    private func everything(with store: SQLiteStateStore) async throws {
        let token = TokenDigest(bytes: [1, 2, 3])
        let session = try await store.openSession(SessionRequest(tokenDigest: token, address: "192.0.2.1"))
        var request = Requests.of(session.id.rawValue, idle: .seconds(10))
        request.requiresSession = true
        let row = try await store.admit(request).environment
        _ = try await store.admit(request)
        _ = try await store.change(row.id, toRevision: 1)
        try await store.keepAlive([row.id])
        _ = try await store.known([row.id])
        let claim = try #require(try await store.claim(Requests.claim()).first)
        _ = try await store.claim(Requests.claim(.collector))
        _ = try await store.renew([row.id: claim.lease.fence], for: .seconds(15))
        _ = try await store.commit([
            Commit(environment: row.id, fence: claim.lease.fence, changes: [.begin(incarnation: 1)])
        ])
        for role in WorkerRole.allCases { _ = try await store.nextDue(for: role, on: [row.backend]) }
        _ = try await store.report(.dead(["x"]), of: row.id, incarnation: 1)
        _ = try await store.events(of: row.id, after: 0)
        let events = try await store.unpublishedEvents(limit: 10)
        try await store.markPublished(events)
        let first = try #require(events.first)
        for owner in [nil, row.owner] {
            for environment in [nil, row.id] {
                let position = EventPosition(first)
                _ = try await store.events(
                    matching: EventFilter(environment: environment, owner: owner, after: position, limit: 10)
                )
            }
        }
        _ = try await store.environments(matching: EnvironmentFilter(owner: row.owner, limit: 10))
        _ = try await store.environments(matching: EnvironmentFilter(limit: 10))
        _ = try await store.session(withToken: token)
        _ = try await store.sessions(limit: 10)
        _ = try await store.setPersistent(true, session: session.id)
        try await store.endSession(session.id)
        try await store.remove(row.id)
        let removal = try await store.claim(Requests.claim(.collector))
        for claim in removal {
            let commit = Commit(
                environment: row.id,
                fence: claim.lease.fence,
                changes: [.abandon, .destroyed(through: 1), .close]
            )
            _ = try await store.commit([commit])
        }
        _ = try await store.forget(olderThan: .seconds(10), limit: 10)
        try await store.checkHealth()
    }
}
#endif

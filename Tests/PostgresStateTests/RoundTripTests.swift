@_spi(StoreKit) import AntidoteCore
import Metrics
import MetricsTestKit
import PostgresClient
import Testing

@testable import PostgresState

/// How often each call waits for the server. More would make every part of the project slower.
@Suite struct RoundTripTests {
    @Test func noCallWaitsMoreOftenThanItMust() async throws {
        let everyLimit = AdmissionLimits(
            perOwner: 9,
            perAddress: 9,
            sessionsPerAddress: 9,
            perSource: 9,
            perBackend: 9,
            perInstance: 9,
            queueLength: 9
        )
        for limits in [AdmissionLimits(), everyLimit] {
            let metrics = TestMetrics()
            try await withStore { _, configuration in
                let store = try await withMetricsFactory(metrics) {
                    try await PostgresStateStore.open(configuration, limits: limits, time: .system, random: .system)
                }
                #expect(try await costs(of: store, metrics) == Self.expected)
                await store.close()
            }
        }
    }

    private static let expected: [String: Int64] = [
        "open session": 2, "session with token": 1, "session": 1, "sessions": 1, "set persistent": 2,
        "admit": 2, "admit again": 2, "environment": 1, "known": 1, "environments": 1, "roster": 1,
        "keep alive": 1, "change": 2, "claim": 2, "claim nothing": 2, "renew": 1, "commit": 2, "commit many": 2,
        "report": 2, "next due": 1, "events": 1, "log": 1, "unpublished events": 1, "mark published": 0, "remove": 2,
        "end session": 2, "forget": 1, "now": 1, "sources": 1, "check health": 1,
    ]

    private func costs(of store: PostgresStateStore, _ metrics: TestMetrics) async throws -> [String: Int64] {
        let roundTrips = try metrics.expectCounter("antidote_postgres_round_trips")
        var costs: [String: Int64] = [:]
        func count<Value>(_ name: String, _ call: () async throws -> Value) async throws -> Value {
            let before = roundTrips.totalValue
            let value = try await call()
            costs[name] = roundTrips.totalValue - before
            return value
        }
        let token = TokenDigest(bytes: Array(repeating: 7, count: 32))
        let opening = SessionRequest(tokenDigest: token, lifetime: .seconds(3600), address: "192.0.2.1")
        let session = try await count("open session") { try await store.openSession(opening) }
        _ = try await count("session with token") { try await store.session(withToken: token) }
        _ = try await count("session") { try await store.session(session.id) }
        _ = try await count("sessions") { try await store.sessions(limit: 10) }
        _ = try await count("set persistent") { try await store.setPersistent(true, session: session.id) }

        let request = Sample.request(session.id.rawValue, idle: .seconds(3600))
        let id = try await count("admit") { try await store.admit(request) }.environment.id
        _ = try await count("admit again") { try await store.admit(request) }
        let other = try await store.admit(Sample.request("other")).environment.id
        _ = try await count("environment") { try await store.environment(id) }
        _ = try await count("known") { try await store.known([id, other]) }
        _ = try await count("environments") { try await store.environments(matching: EnvironmentFilter()) }
        _ = try await count("roster") { try await store.roster(of: Sample.backend, after: 0, limit: 10) }
        try await count("keep alive") { try await store.keepAlive([id]) }
        _ = try await count("change") { try await store.change(id, toRevision: 1) }

        let claims = try await count("claim") { try await store.claim(Sample.claim()) }
        _ = try await count("claim nothing") { try await store.claim(Sample.claim()) }
        let held = Dictionary(uniqueKeysWithValues: claims.map { ($0.environment.id, $0.lease.fence) })
        _ = try await count("renew") { try await store.renew(held, for: .seconds(60)) }
        let commits = claims.map {
            Commit(environment: $0.environment.id, fence: $0.lease.fence, changes: [.begin(incarnation: 1)])
        }
        _ = try await count("commit") { try await store.commit([commits[0]]) }
        _ = try await count("commit many") { try await store.commit(commits) }
        _ = try await count("report") { try await store.report(.dead(["x"]), of: id, incarnation: 1) }
        _ = try await count("next due") { try await store.nextDue(for: .scheduler, on: [Sample.backend]) }

        _ = try await count("events") { try await store.events(of: id, after: 0) }
        _ = try await count("log") { try await store.events(matching: EventFilter()) }
        let events = try await count("unpublished events") { try await store.unpublishedEvents(limit: 10) }
        _ = try await count("remove") { try await store.remove(other) }
        _ = try await count("end session") { try await store.endSession(session.id) }
        _ = try await count("forget") { try await store.forget(olderThan: .seconds(1), limit: 10) }
        _ = try await count("now") { try await store.now() }
        _ = try await count("sources") { try await store.sources(SourceQuery(kind: "lesson")) }
        try await count("check health") { try await store.checkHealth() }
        // Written with the next write, or after a while.
        try await count("mark published") { try await store.markPublished(events) }
        return costs
    }
}

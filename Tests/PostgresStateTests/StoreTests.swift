@_spi(StoreKit) import AntidoteCore
import PostgresClient
import PostgresState
import Testing

@Suite struct StoreTests {
    @Test func aLifeFromRequestToGone() async throws {
        try await withStore { store, _ in
            let admission = try await store.admit(Sample.request())
            let id = admission.environment.id
            #expect(admission.isNew)
            #expect(admission.environment.phase == .queued)
            #expect(admission.events.map(\.kind) == [.admitted])
            #expect(try await store.environment(id) == admission.environment)
            let again = try await store.admit(Sample.request())
            #expect(!again.isNew)
            #expect(again.environment == admission.environment)

            #expect(try await store.nextDue(for: .scheduler, on: [Sample.backend]) == .zero)
            #expect(try await store.nextDue(for: .collector, on: [Sample.backend]) == nil)
            let ready = try #require(try await store.makeReady(id))
            #expect(ready.phase == .ready)
            #expect(ready.provisioned == Sample.provisioned(id, store.id))
            #expect(try await store.environment(id) == ready)
            #expect(try await store.nextDue(for: .scheduler, on: [Sample.backend]) == nil)

            let change = try await store.change(id, toRevision: 1)
            #expect(change.events.map(\.kind) == [.revisionChanged])
            #expect(change.environment.phase == .configuration)
            try await store.remove(id)
            try await store.remove(id)
            #expect(try await store.environment(id)?.phase == .deleting)

            let claims = try await store.claim(Sample.claim(.collector)) { row, now in
                Lifecycle.next(for: row, as: .collector, now: now, policy: SchedulingPolicy()).changes
            }
            let claim = try #require(claims.first)
            #expect(claim.phaseBefore == .deleting)
            #expect(claim.environment.observed.deadThrough == 1)
            let outcomes = try await store.commit([
                Commit(
                    environment: id,
                    fence: claim.lease.fence,
                    changes: [.destroyed(through: 1), .close],
                    releases: true
                )
            ])
            guard case .committed(let closed, let events, _) = outcomes.first else {
                Issue.record("lost")
                return
            }
            #expect(closed.phase == .closed)
            #expect(events.map(\.kind) == [.deleted])
            let all = try await store.events(of: id, after: 0)
            #expect(all.map(\.kind) == [.admitted, .ready, .revisionChanged, .deleted])
            #expect(all.map(\.sequence) == [1, 2, 3, 4])
            #expect(all.last == events.last)
            #expect(try await store.nextDue(for: .collector, on: [Sample.backend]) == nil)
        }
    }

    @Test func aRowComesBackAsItWasWritten() async throws {
        try await withStore { store, _ in
            let id = try await store.admit(Sample.request(idle: .seconds(1800))).environment.id
            let ready = try #require(try await store.makeReady(id))
            #expect(try await store.report(.dead(["linux1", "linux1"]), of: id, incarnation: 1))
            let claim = try #require(try await store.claim(Sample.claim()).first)
            #expect(claim.environment.observed.troubled == ["linux1", "linux1"])
            let error = AntidoteError(
                .endpointFailed,
                "it died: \"why\"\0",
                recovery: "Look.",
                subject: "linux1",
                logTail: "line 1\nline 2\0"
            )
            let outcomes = try await store.commit([
                Commit(
                    environment: id,
                    fence: claim.lease.fence,
                    changes: [
                        .retry(after: .milliseconds(1500), generation: 1, because: error),
                        .fail(error, generation: 1, keptFor: .seconds(3600)),
                    ]
                )
            ])
            guard case .committed(let failed, let events, let at) = outcomes.first else {
                Issue.record("lost")
                return
            }
            var expected = failed
            // There is no room for NUL in the server.
            expected.observed.failure?.message = "it died: \"why\"\u{FFFD}"
            expected.observed.failure?.logTail = "line 1\nline 2\u{FFFD}"
            #expect(try await store.environment(id) == expected)
            #expect(failed.failure?.keptUntil == at + .seconds(3600))
            #expect(events.map(\.kind) == [.failed])
            #expect(failed.lease?.worker == Sample.claim().worker)
            #expect(failed.request.traceContext == Sample.request().traceContext)
            #expect(failed.request.idleLimit == .seconds(1800))
            #expect(ready.createdAt == failed.createdAt)
        }
    }

    @Test func aLateWriterWritesNothing() async throws {
        try await withStore { store, _ in
            let id = try await store.admit(Sample.request()).environment.id
            let first = try #require(try await store.claim(Sample.claim(lease: .milliseconds(1))).first)
            var second: Claim?
            try await until("the lease is over") {
                second = try await store.claim(Sample.claim()).first
                return second != nil
            }
            let claim = try #require(second)
            #expect(claim.lease.fence > first.lease.fence)
            let late = Commit(environment: id, fence: first.lease.fence, changes: [.begin(incarnation: 7)])
            let right = Commit(environment: id, fence: claim.lease.fence, changes: [.begin(incarnation: 1)])
            let outcomes = try await store.commit([late, right, late])
            #expect(outcomes[0] == .lost)
            #expect(outcomes[2] == .lost)
            #expect(try await store.environment(id)?.incarnation == 1)
            #expect(try await store.renew([id: first.lease.fence], for: .seconds(60)).isEmpty)
            let renewed = try await store.renew([id: claim.lease.fence], for: .seconds(600))
            #expect(renewed == [id: LeaseRenewal(fence: claim.lease.fence, generation: 1)])
            let row = try #require(try await store.environment(id))
            let end = try #require(row.lease?.endsAt)
            #expect(end > claim.lease.endsAt)
            // What is due follows the lease.
            let due = try #require(try await store.nextDue(for: .scheduler, on: [Sample.backend]))
            #expect(due > .seconds(500))
            #expect(try await store.claim(Sample.claim()).isEmpty)
        }
    }

    @Test func manyWorkersClaimEachRowOnce() async throws {
        try await withStore { store, configuration in
            let other = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { _ = try await store.admit(Sample.request("owner-\(number)")) }
                }
                try await group.waitForAll()
            }
            let claimed = try await withThrowingTaskGroup(of: [EnvironmentID].self) { group in
                for number in 0..<16 {
                    group.addTask {
                        var ids: [EnvironmentID] = []
                        let worker = number % 2 == 0 ? store : other
                        while case let claims = try await worker.claim(Sample.claim(limit: 5)), !claims.isEmpty {
                            ids += claims.map(\.environment.id)
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed).count == 200)
            await other.close()
        }
    }

    @Test func theSameOwnerAtTheSameTimeGetsOneEnvironment() async throws {
        try await withStore { store, configuration in
            let other = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            let admissions = try await withThrowingTaskGroup(of: Admission.self) { group in
                for number in 0..<40 {
                    group.addTask { try await (number % 2 == 0 ? store : other).admit(Sample.request()) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(admissions.map(\.environment.id)).count == 1)
            #expect(admissions.count { $0.isNew } == 1)
            await other.close()
        }
    }

    @Test func noLimitIsExceededByManyAtOnce() async throws {
        let limits = AdmissionLimits(perOwner: 3, perSource: 4, perBackend: 9, perInstance: 9)
        try await withStore(limits: limits) { store, configuration in
            let other = try await PostgresStateStore.open(configuration, limits: limits, time: .system, random: .system)
            let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            let request = Sample.request("ada", "lesson-\(number)")
                            _ = try await (number % 2 == 0 ? store : other).admit(request)
                            return true
                        } catch let error as AntidoteError where error.code == .limitExceeded {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(admitted == 3)
            for owner in 0..<30 {
                _ = try await store.admit(Sample.request("owner-\(owner)", "lesson-\(owner % 3 == 0 ? "a" : "b")"))
            }
            let claims = try await withThrowingTaskGroup(of: [Claim].self) { group in
                for number in 0..<8 {
                    group.addTask { try await (number % 2 == 0 ? store : other).claim(Sample.claim(limit: 4)) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claims.count == 9)
            let bySource = Dictionary(grouping: claims, by: \.environment.source.name).mapValues(\.count)
            #expect(bySource.values.allSatisfy { $0 <= 4 })
            #expect(try await store.nextDue(for: .scheduler, on: [Sample.backend]).map { $0 > .zero } ?? true)
            // One that goes makes room for the next one.
            let gone = try #require(claims.first { $0.environment.source.name == "lesson-b" })
            try await store.remove(gone.environment.id)
            _ = try await store.commit([
                Commit(environment: gone.environment.id, fence: gone.lease.fence, releases: true)
            ])
            let collected = try #require(try await store.claim(Sample.claim(.collector)).first)
            _ = try await store.commit([
                Commit(
                    environment: gone.environment.id,
                    fence: collected.lease.fence,
                    changes: [.destroyed(through: 0), .close],
                    releases: true
                )
            ])
            #expect(try await store.claim(Sample.claim()).count == 1)
            await other.close()
        }
    }

    @Test func eventsArePublishedOnce() async throws {
        try await withStore { store, _ in
            var events: [EnvironmentEvent] = []
            for number in 0..<5 { events += try await store.admit(Sample.request("owner-\(number)")).events }
            #expect(try await store.unpublishedEvents(limit: 3) == Array(events.prefix(3)))
            try await store.markPublished([events[1], events[3]])
            #expect(try await store.unpublishedEvents(limit: 10) == [events[0], events[2], events[4]])
            try await store.markPublished(events)
            try await store.markPublished(events)
            #expect(try await store.unpublishedEvents(limit: 10).isEmpty)
            #expect(try await store.events(matching: EventFilter(limit: 3)) == Array(events.prefix(3)))
            let page = EventFilter(after: EventPosition(events[2]))
            #expect(try await store.events(matching: page) == Array(events.dropFirst(3)))
            let ofOwner = EventFilter(owner: events[1].owner)
            #expect(try await store.events(matching: ofOwner) == [events[1]])
            let ofOne = EventFilter(environment: events[4].environment)
            #expect(try await store.events(matching: ofOne) == [events[4]])
        }
    }

    @Test func marksAreWrittenAfterAPauseByThemselves() async throws {
        try await withStore { store, configuration in
            let events = try await store.admit(Sample.request()).events
            try await store.markPublished(events)
            let observer = try PostgresConnection(configuration: configuration)
            try await until("it is written") {
                try await observer.number("select count(*) from antidote_state_events where published") == 1
            }
            await observer.close()
        }
    }

    @Test func rowsAreListedByTicket() async throws {
        try await withStore { store, _ in
            var rows: [Environment] = []
            for number in 0..<6 {
                let request = Sample.request("owner-\(number % 2)", "lesson-\(number)")
                rows.append(try await store.admit(request).environment)
            }
            #expect(try await store.environments(matching: EnvironmentFilter()) == rows)
            let owner = EnvironmentFilter(owner: OwnerID(unchecked: "owner-1"))
            #expect(try await store.environments(matching: owner) == [rows[1], rows[3], rows[5]])
            let page = EnvironmentFilter(afterTicket: rows[2].ticket, limit: 2)
            #expect(try await store.environments(matching: page) == [rows[3], rows[4]])
            let ready = EnvironmentFilter(phases: [.ready])
            #expect(try await store.environments(matching: ready).isEmpty)
            let elsewhere = EnvironmentFilter(backend: BackendID(unchecked: "other"))
            #expect(try await store.environments(matching: elsewhere).isEmpty)
            #expect(try await store.known(rows.map(\.id)) == Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) }))
        }
    }
}

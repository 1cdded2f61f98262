import AntidoteTesting
import Testing

@_spi(StoreKit) @testable import AntidoteCore

@Suite("Leases of the in-memory store")
struct StoreLeaseTests {
    let world = StoreWorld()

    @Test func aLeasedRowIsNobodyElses() async throws {
        try await world.admit("a")
        #expect(try await world.claim().count == 1)
        #expect(try await world.claim(worker: "v").isEmpty)
    }

    /// Its lease was written over, and with it the work of whoever held it.
    @Test func whatWaitsAndIsHeldByACollectorIsNotGranted() async throws {
        try await world.admit("a", idle: .seconds(1))
        world.clock.advance(by: .seconds(2))
        let held = try #require(try await world.claim(.collector, worker: "c").first)
        try await world.admit("b")
        #expect(try await world.claim().map(\.environment.owner.rawValue) == ["b"])
        #expect(try await world.store.nextDue(for: .scheduler, on: [world.fake]) != .zero)
        #expect(try await world.commit(held, [.expire, .close])?.phase == .closed)
    }

    @Test func aRefusedExpiryClosesNothing() async throws {
        let id = try await world.admit("a", idle: .seconds(8)).id
        world.clock.advance(by: .seconds(9))
        let claim = try #require(try await world.claim(.collector, worker: "c").first)
        // Its owner comes back between the decision and the commit.
        try await world.store.keepAlive([id])
        #expect(try await world.commit(claim, [.expire, .close], releases: true)?.phase == .queued)
    }

    @Test func aRowIsDueAgainWhenItsLeaseEnds() async throws {
        try await world.admit("a")
        let first = try #require(try await world.claim().first)
        #expect(try await world.store.nextDue(for: .scheduler, on: [world.fake]) == .seconds(15))
        world.clock.advance(by: .seconds(15))
        let second = try #require(try await world.claim(worker: "v").first)
        #expect(second.lease.fence > first.lease.fence)
        #expect(try await world.commit(first, [.begin(incarnation: 1)]) == nil)
        #expect(try await world.commit(second, [.begin(incarnation: 1)])?.incarnation == 1)
    }

    @Test func nothingIsWrittenAfterTheEndOfALeaseEvenIfNobodyCame() async throws {
        let id = try await world.admit("a").id
        let claim = try #require(try await world.claim().first)
        world.clock.advance(by: .seconds(15))
        #expect(try await world.commit(claim, [.begin(incarnation: 1)]) == nil)
        #expect(try await world.store.environment(id)?.incarnation == 0)
    }

    /// A worker that is busy without end would otherwise keep for ever what it let go, or never knew that it was given.
    @Test func renewalProlongsWhatAWorkerSaysItHoldsAndOnlyThat() async throws {
        let mine = try await world.admit("a")
        let held = try #require(try await world.claim().first)
        try await world.admit("b")
        // The answer to this claim got lost.
        _ = try await world.claim()
        world.clock.advance(by: .seconds(10))
        let renewals = try await world.store.renew([mine.id: held.lease.fence], for: .seconds(15))
        #expect(renewals.keys.map(\.self) == [mine.id])
        world.clock.advance(by: .seconds(10))
        #expect(try await world.claim(worker: "u").map(\.environment.owner.rawValue) == ["b"])
    }

    @Test func renewalTellsOfNewerGenerationsAndNotOfLostLeases() async throws {
        let row = try await world.admit("a")
        let held = [row.id: try #require(try await world.claim().first).lease.fence]
        try await world.store.remove(row.id)
        #expect(try await world.store.renew(held, for: .seconds(15))[row.id]?.generation == 2)
        #expect(try await world.store.renew([row.id: Fence(99)], for: .seconds(15)).isEmpty)
        world.clock.advance(by: .seconds(15))
        #expect(try await world.store.renew(held, for: .seconds(15)).isEmpty)
    }

    @Test func aPauseIsKept() async throws {
        try await world.admit("a")
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(claim, [world.retry(after: .seconds(3))], releases: true)
        #expect(try await world.claim().isEmpty)
        #expect(try await world.store.nextDue(for: .scheduler, on: [world.fake]) == .seconds(3))
        world.clock.advance(by: .seconds(3))
        #expect(try await world.claim().count == 1)
    }

    /// Whoever claims a row and whoever says that it is due must mean the same moment, or they spin.
    @Test(arguments: [Duration.zero, .seconds(60), .seconds(72 * 3600)])
    func aFailedRowIsDueWhenThePolicyOfItsFailureSays(retention: Duration) async throws {
        let row = try await world.admit("a")
        let claim = try #require(try await world.claim().first)
        let policy = SchedulingPolicy(failedRetention: retention)
        let failure = try #require(
            policy.change(after: AntidoteError(.jobFailed, "x"), for: claim.environment, isEnding: false, jitter: 0)
        )
        _ = try await world.commit(claim, [failure], releases: true)
        #expect(try await world.store.nextDue(for: .collector, on: [world.fake]) == retention)
        world.clock.advance(by: retention)
        let last = try #require(try await world.claim(.collector).first)
        let now = world.clock.timeSource.now()
        let evaluation = Lifecycle.evaluate(last.environment, now: now, policy: SchedulingPolicy())
        guard case .record(.close) = evaluation.step, evaluation.isDue else {
            Issue.record("\(row.id) was claimed, and there is nothing to do")
            return
        }
    }

    @Test func aReadyRowIsDueForTheCollectorWhenItIsIdle() async throws {
        let row = try await world.admit("a", idle: .seconds(100))
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(claim, world.ready(row), releases: true)
        #expect(try await world.store.nextDue(for: .scheduler, on: [world.fake]) == nil)
        world.clock.advance(by: .seconds(60))
        try await world.store.keepAlive([row.id])
        #expect(try await world.store.nextDue(for: .collector, on: [world.fake]) == .seconds(100))
    }

    @Test func oneUseAMinuteIsWritten() async throws {
        let row = try await world.admit("a", idle: .seconds(1800))
        let start = row.desired.lastActivityAt
        for second in 1...150 {
            world.clock.advance(by: .seconds(1))
            try await world.store.keepAlive([row.id])
            let seen = try await world.admit("a", idle: .seconds(1800)).desired.lastActivityAt
            #expect(seen == start + .seconds(second / 60 * 60), "after \(second) seconds")
        }
    }

    @Test func whatIsSoonIdleIsWrittenMoreOften() async throws {
        let row = try await world.admit("a", idle: .seconds(20))
        for _ in 1...10 {
            world.clock.advance(by: .seconds(4))
            try await world.store.keepAlive([row.id])
            #expect(try await world.claim(.collector).isEmpty)
        }
    }

    /// The row was used after the collector had decided, and before it wrote.
    @Test func whatIsUsedAtTheLastMomentStays() async throws {
        let row = try await world.admit("a", idle: .seconds(100))
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(claim, world.ready(row), releases: true)
        world.clock.advance(by: .seconds(100))
        let expiry = try #require(try await world.claim(.collector).first)
        try await world.store.keepAlive([row.id])
        let after = try await world.commit(expiry, [.expire, .abandon])
        #expect(after?.wanted == .present)
        #expect(after?.observed.hasLiveIncarnation == true)
    }

    /// It used to be claimed up to `limit` times at once, and again and again.
    @Test func anExpiredQueuedRowIsClaimedOnceByTheCollector() async throws {
        try await world.admit("a", idle: .seconds(10))
        world.clock.advance(by: .seconds(10))
        #expect(try await world.claim(.collector).count == 1)
        #expect(try await world.claim(.collector, worker: "v").isEmpty)
    }
}

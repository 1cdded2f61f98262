import AntidoteTesting
import Testing

@_spi(StoreKit) @testable import AntidoteCore

@Suite("What a worker holds")
struct LeaseTableTests {
    let world = StoreWorld()
    let table: LeaseTable

    init() { table = LeaseTable(policy: SchedulingPolicy(), time: world.clock.timeSource) }

    private func hold() async throws -> Claim {
        try await world.admit("a")
        let claim = try #require(try await world.claim().first)
        table.hold(claim, requested: world.clock.timeSource.uptime())
        return claim
    }

    @Test func authorityEndsBeforeTheLeaseDoes() async throws {
        let claim = try await hold()
        let authority = table.authority(for: claim.environment.id, claim.lease.fence)
        world.clock.advance(by: .milliseconds(11_999))
        try authority.check()
        world.clock.advance(by: .milliseconds(1))
        let error = #expect(throws: AntidoteError.self) { try authority.check() }
        #expect(error?.code == .authorityLost)
    }

    @Test func validityBeginsWhenTheClaimWasAskedFor() async throws {
        try await world.admit("a")
        let requested = world.clock.timeSource.uptime()
        let claim = try #require(try await world.claim().first)
        world.clock.advance(by: .seconds(12))
        table.hold(claim, requested: requested)
        #expect(!table.isValid(claim.environment.id, claim.lease.fence))
    }

    @Test func renewalProlongsAuthority() async throws {
        let claim = try await hold()
        let id = claim.environment.id
        world.clock.advance(by: .seconds(5))
        let answer = [id: LeaseRenewal(fence: claim.lease.fence, generation: 1)]
        table.renewed(answer, of: table.fences, requested: world.clock.timeSource.uptime())
        world.clock.advance(by: .seconds(11))
        #expect(table.isValid(id, claim.lease.fence))
        world.clock.advance(by: .seconds(1))
        #expect(!table.isValid(id, claim.lease.fence))
    }

    @Test func whatARenewalDoesNotNameIsLost() async throws {
        let claim = try await hold()
        table.renewed([:], of: table.fences, requested: world.clock.timeSource.uptime())
        #expect(!table.isValid(claim.environment.id, claim.lease.fence))
        await table.interruption(of: claim.environment.id, claim.lease.fence, after: 1)
    }

    /// The claim was asked for first, the renewal was answered from before it.
    @Test func aClaimThatARenewalCouldNotKnowOfIsKept() async throws {
        try await world.admit("a")
        let requested = world.clock.timeSource.uptime()
        let claim = try #require(try await world.claim().first)
        world.clock.advance(by: .seconds(1))
        let renewal = (fences: table.fences, requested: world.clock.timeSource.uptime())
        table.hold(claim, requested: requested)
        table.renewed([:], of: renewal.fences, requested: renewal.requested)
        #expect(table.isValid(claim.environment.id, claim.lease.fence))
    }

    @Test func aRenewalOfAnotherFenceIsALoss() async throws {
        let claim = try await hold()
        let id = claim.environment.id
        let answer = [id: LeaseRenewal(fence: Fence(99), generation: 1)]
        table.renewed(answer, of: table.fences, requested: world.clock.timeSource.uptime())
        #expect(!table.isValid(id, claim.lease.fence))
    }

    @Test func aNewerGenerationInterrupts() async throws {
        let claim = try await hold()
        let id = claim.environment.id
        async let interruption: Void = table.interruption(of: id, claim.lease.fence, after: 1)
        await world.clock.waitForSleepers()
        let answer = [id: LeaseRenewal(fence: claim.lease.fence, generation: 2)]
        table.renewed(answer, of: table.fences, requested: world.clock.timeSource.uptime())
        await interruption
        #expect(table.isValid(id, claim.lease.fence))
    }

    /// Also where the store does not answer, so that no renewal ever tells.
    @Test func theEndOfALeaseInterrupts() async throws {
        let claim = try await hold()
        async let interruption: Void = table.interruption(of: claim.environment.id, claim.lease.fence, after: 1)
        await world.clock.waitForSleepers()
        world.clock.advance(by: .seconds(12))
        await interruption
        #expect(!table.isValid(claim.environment.id, claim.lease.fence))
    }

    @Test func aNewClaimOfTheSameRowInterruptsTheOldWork() async throws {
        let old = try await hold()
        async let interruption: Void = table.interruption(of: old.environment.id, old.lease.fence, after: 1)
        await world.clock.waitForSleepers()
        var new = old
        new.lease.fence = Fence(old.lease.fence.rawValue + 1)
        table.hold(new, requested: world.clock.timeSource.uptime())
        await interruption
        table.release(old.environment.id, old.lease.fence)
        #expect(table.isValid(new.environment.id, new.lease.fence))
    }
}

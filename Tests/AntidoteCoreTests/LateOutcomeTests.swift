import AntidoteTesting
import Testing

@_spi(StoreKit) @testable import AntidoteCore

/// A request may come between a decision and the commit that records it.
@Suite("Late outcomes")
struct LateOutcomeTests {
    let world = StoreWorld()

    private func claimed() async throws -> Claim {
        try await world.admit("a")
        return try #require(try await world.claim().first)
    }

    @Test(arguments: [
        EnvironmentChange.begin(incarnation: 1), .fail(AntidoteError(.jobFailed, "x"), generation: 1, keptFor: .zero),
        .configured(generation: 1),
    ])
    func nothingLeavesDeleting(change: EnvironmentChange) async throws {
        let claim = try await claimed()
        try await world.store.remove(claim.environment.id)
        let row = try #require(try await world.commit(claim, [change]))
        #expect(row.phase == .deleting)
        #expect(row.incarnation == 0)
        #expect(try await world.store.events(of: row.id, after: 0).map(\.kind) == [.admitted])
    }

    @Test func theOutcomeOfAnOldStageDoesNotMakeANewOneReady() async throws {
        let claim = try await claimed()
        let row = claim.environment
        _ = try await world.commit(claim, Array(world.ready(row).prefix(2)))
        _ = try await world.store.change(row.id, toRevision: 1)
        let after = try #require(try await world.commit(claim, [.configured(generation: 1)]))
        #expect(after.phase == .configuration)
        #expect(after.observed.observedGeneration == 1 && after.generation == 2)
    }

    /// The answer to a commit was lost, so that a failure was recorded; then the commit arrives after all.
    @Test func whatIsLookedAtAgainIsNotReadyBeforeThat() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, Array(world.ready(claim.environment).prefix(2)))
        _ = try await world.commit(claim, [world.retry(after: .seconds(1))])
        let row = try #require(try await world.commit(claim, [.configured(generation: 1)], releases: true))
        #expect(row.phase == .configuration && row.observed.observedGeneration == 0)
        #expect(row.claimableAt(by: .scheduler) != nil)
    }

    /// The pause is for what failed, and not for what is wanted since.
    @Test func aRemovalDoesNotWaitForAFailedBuild() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, Array(world.ready(claim.environment).prefix(2)))
        try await world.store.remove(claim.environment.id)
        let row = try #require(try await world.commit(claim, [world.retry(after: .seconds(30))], releases: true))
        #expect(row.attempts.count == 0)
        #expect(try await world.claim(.collector).map(\.environment.id) == [row.id])
    }

    @Test func anotherStageDoesNotWaitForAFailedBuild() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, world.ready(claim.environment))
        _ = try await world.store.change(claim.environment.id, toRevision: 1)
        let late = world.retry(.endpointNotReady, after: .seconds(30))
        let row = try #require(try await world.commit(claim, [late], releases: true))
        #expect(row.observed.hasLiveIncarnation && row.attempts.count == 0)
        #expect(try await world.claim().map(\.environment.id) == [row.id])
    }

    @Test func theFailureOfAnOldStageIsNotThatOfANewOne() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, world.ready(claim.environment))
        _ = try await world.store.change(claim.environment.id, toRevision: 1)
        let late = EnvironmentChange.fail(AntidoteError(.jobFailed, "x"), generation: 1, keptFor: .zero)
        let row = try #require(try await world.commit(claim, [late]))
        #expect(row.phase == .configuration && row.failure == nil)
    }

    @Test func attemptsOutliveTheIncarnationsOfOneBuild() async throws {
        let claim = try await claimed()
        let row = try #require(
            try await world.commit(
                claim,
                [.begin(incarnation: 1), world.retry(.endpointNotReady), .destroyed(through: 1)]
            )
        )
        #expect(row.attempts.count == 1)
    }

    @Test func aLabThatNeverComesUpFailsForItsOwnReason() async throws {
        var row = try await claimed().environment
        let policy = SchedulingPolicy()
        let error = AntidoteError(.endpointNotReady, "no answer", subject: "web")
        for _ in 0..<100 where row.phase != .failed {
            let change: EnvironmentChange? =
                switch Lifecycle.evaluate(row, now: .zero + .seconds(9_999_999_999), policy: policy).step {
                case .record(let change): change
                case .converge: policy.change(after: error, for: row, isEnding: false, jitter: 0)
                case .destroy(let incarnation): .destroyed(through: incarnation)
                default: nil
                }
            row.apply(try #require(change), now: .zero)
        }
        #expect(row.failure?.code == .endpointNotReady)
        #expect(row.incarnation == SchedulingPolicy().maxRestarts)
    }

    @Test func aMachineThatANewStageReplacesHasNotDied() async throws {
        let claim = try await claimed()
        let row = claim.environment
        _ = try await world.commit(claim, world.ready(row))
        _ = try await world.store.change(row.id, toRevision: 1)
        let other = world.built(row, identity: "m2")
        let changed = try #require(try await world.commit(claim, [.built(other, generation: 2, repaired: [])]))
        #expect(changed.attempts.restarts.isEmpty && changed.observed.mustConfigure)
        let third = world.built(row, identity: "m3")
        let repaired = try #require(try await world.commit(claim, [.built(third, generation: 2, repaired: ["web"])]))
        #expect(repaired.attempts.restarts == ["web": 1])
    }

    @Test func aFailedStepLooksAtTheProviderAgain() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, Array(world.ready(claim.environment).prefix(2)))
        let row = try #require(try await world.commit(claim, [world.retry()]))
        let evaluation = Lifecycle.evaluate(row, now: .zero + .seconds(9e12), policy: SchedulingPolicy())
        guard case .converge = evaluation.step, evaluation.isDue else {
            Issue.record("it is configured without a look at its machines")
            return
        }
    }

    @Test func aJobThatFailsBesideADeadMachineIsTriedAgain() async throws {
        let claim = try await claimed()
        _ = try await world.commit(claim, Array(world.ready(claim.environment).prefix(2)))
        #expect(try await world.store.report(.dead(["web"]), of: claim.environment.id, incarnation: 1))
        #expect(try await !world.store.report(.dead(["web"]), of: claim.environment.id, incarnation: 2))
        let row = try #require(try await world.store.environment(claim.environment.id))
        let policy = SchedulingPolicy()
        guard case .retry = policy.change(after: AntidoteError(.jobFailed, "x"), for: row, isEnding: false, jitter: 0)
        else {
            Issue.record("the lab failed although its machine can be replaced")
            return
        }
    }

    @Test func onlyAFailedJobGetsAnotherID() async throws {
        let claim = try await claimed()
        let job = Job(id: JobID(unchecked: "configure-web"), endpoint: "web", image: ImageReference("x"), command: [])
        var row = try #require(try await world.commit(claim, Array(world.ready(claim.environment).prefix(2))))
        row = try #require(try await world.commit(claim, [world.retry(.endpointFailed)]))
        #expect(row.attempts.count == 1 && row.attempts.jobFailures == 0)
        row = try #require(try await world.commit(claim, [world.retry(.jobFailed)]))
        #expect(row.attempts.count == 2 && row.attempts.jobFailures == 1)
        let ids = try [0, 1, 2].map { try job.completed(for: row, round: $0).id }
        #expect(Set(ids).count == 3)
        #expect(try job.completed(for: row).id == ids[0])
        _ = try await world.store.change(row.id, toRevision: 1)
        #expect(try await world.store.environment(row.id)?.attempts.jobFailures == 0)
    }

    @Test func aMachineThatDiesAgainWhileItIsRepairedIsRepairedAgain() async throws {
        let claim = try await claimed()
        let row = claim.environment
        _ = try await world.commit(claim, world.ready(row))
        #expect(try await world.store.report(.dead(["web"]), of: row.id, incarnation: 1))
        let seen = try #require(try await world.store.environment(row.id)).observed.troubled
        #expect(try await world.store.report(.dead(["web"]), of: row.id, incarnation: 1))
        #expect(try await !world.store.report(.dead(["web"]), of: row.id, incarnation: 1))
        let built = world.built(row, identity: "m2")
        let after = try #require(try await world.commit(claim, [.built(built, generation: 1, repaired: seen)]))
        #expect(after.observed.troubled == ["web"])
    }
}

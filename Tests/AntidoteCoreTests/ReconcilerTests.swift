import AntidoteTesting
import FakeBackend
import Logging
import Synchronization
import Testing

@_spi(StoreKit) @testable import AntidoteCore

/// Real services under a clock that nobody moves: what only a sweep would find never happens.
@Suite("Workers without their sweep", .timeLimit(.minutes(1)))
struct ReconcilerTests {
    let world = WorkerWorld()

    private var clock: ManualClock { world.clock }

    @Test func roomThatGetsFreeIsTakenAtOnce() async throws {
        let (dependencies, _, store) = world.dependencies(AdmissionLimits(perInstance: 1))
        try await world.withWorkers(dependencies) {
            let first = try await world.admit("a", dependencies)
            _ = try await world.wait(first, dependencies, for: .ready)
            let second = try await world.admit("b", dependencies)
            try await store.remove(first)
            await dependencies.publisher.wake(.collector, about: first)
            _ = try await world.wait(second, dependencies, for: .ready)
        }
    }

    @Test func aRetryComesWhenItsPauseIsOverAndNotAtTheSweep() async throws {
        let fault = FakeFault(.create, firstCalls: 1, error: AntidoteError(.backendUnavailable, "x"))
        let (dependencies, _, store) = world.dependencies(faults: [fault])
        try await world.withWorkers(dependencies) {
            let id = try await world.admit("a", dependencies)
            let due = try await FakeWorld().eventually {
                try await store.environment(id).flatMap { $0.lease == nil ? $0.attempts.notBefore : nil }
            }
            // A worker that hears nothing more asks when something is due, and sleeps no longer than until then.
            for _ in 0..<2000 { await Task.yield() }
            clock.advance(by: EnvironmentWorker.idleDelay)
            for _ in 0..<2000 { await Task.yield() }
            clock.advance(by: due - dependencies.time.now())
            _ = try await world.wait(id, dependencies, for: .ready)
        }
    }

    @Test func anIdleRequestLeavesTheQueueForGood() async throws {
        let (dependencies, _, store) = world.dependencies(AdmissionLimits(perInstance: 0))
        let id = try await world.admit("a", dependencies, idle: .seconds(1))
        clock.advance(by: .seconds(2))
        try await world.withWorkers(dependencies) {
            let row = try await world.wait(id, dependencies, for: .closed)
            #expect(row.fence.rawValue <= 2)
        }
        #expect(try await store.events(of: id, after: 0).map(\.kind) == [.admitted, .deleted])
    }

    @Test func whatIsRemovedBeforeItIsBegunIsNotBuilt() async throws {
        let (dependencies, provider, store) = world.dependencies()
        let id = try await world.admit("a", dependencies)
        let claim = try #require(
            try await store.claim(
                ClaimRequest(
                    worker: WorkerID(unchecked: "w"),
                    role: .scheduler,
                    backends: [BackendID(unchecked: "fake")],
                    limit: 1,
                    leaseDuration: .seconds(15)
                )
            ).first
        )
        let leases = LeaseTable(policy: dependencies.policy, time: dependencies.time)
        leases.hold(claim, requested: .zero)
        try await store.remove(id)
        _ = await Reconciler(
            role: .scheduler,
            dependencies: dependencies,
            planners: PlannerRegistry(FakeWorld.planners),
            leases: leases,
            board: ProgressBoard()
        ).run(claim)
        #expect(provider.topologies.isEmpty)
        let row = try await store.environment(id)
        #expect(row?.phase == .deleting && row?.lease == nil)
        // Never even begun: a provider that was called would have been asked to create.
        #expect(row?.incarnation == 0)
    }

    @Test func aBackendThatHangsInRemovalIsAskedAgain() async throws {
        let fault = FakeFault(.destroy, firstCalls: 1, moment: .never, error: AntidoteError(.internalFault, "x"))
        let (dependencies, provider, store) = world.dependencies(faults: [fault])
        try await world.withWorkers(dependencies) {
            let id = try await world.admit("a", dependencies)
            _ = try await world.wait(id, dependencies, for: .ready)
            try await store.remove(id)
            await dependencies.publisher.wake(.collector, about: id)
            _ = try await FakeWorld().eventually { () -> Bool? in
                // Small steps: leases are renewed in between.
                clock.advance(by: .seconds(1))
                for _ in 0..<200 { await Task.yield() }
                return try await store.environment(id)?.phase == .closed ? true : nil
            }
            #expect(provider.topologies.isEmpty)
        }
    }

    /// What it failed with is kept at the provider under its id.
    @Test func aJobThatFailedBesideADeadMachineIsReallyRunAgain() async throws {
        let runs = Mutex<[String: Int]>([:])
        let script = FakeScript(
            latencies: [.job: .seconds(1)...(.seconds(1))],
            run: { fake in
                let job = fake.job
                let run = runs.withLock { runs in
                    runs[job.endpoint ?? "", default: 0] += 1
                    return runs[job.endpoint ?? "", default: 0]
                }
                return .ends(JobResult(exitStatus: job.endpoint == "client" && run == 1 ? 1 : 0, outputTail: ""))
            }
        )
        let planner = FunctionPlanner { request in
            var plan = try await FakeWorld.planner.plan(request)
            var other = plan.jobs[0]
            other.id = JobID(unchecked: "configure-db")
            other.endpoint = "db"
            plan.topology.endpoints.append(Endpoint(name: "db", image: ImageReference("db")))
            plan.jobs.append(other)
            return plan
        }
        let policy = SchedulingPolicy(retry: RetryPolicy(firstPause: .zero))
        let (dependencies, provider, store) = world.dependencies(script: script, policy: policy)
        try await world.withWorkers(dependencies, planner: planner) {
            let id = try await world.admit("a", dependencies)
            let row = try await world.wait(id, dependencies, for: .configuration)
            provider.kill("web", in: try #require(row.provisioned?.id))
            _ = try await FakeWorld().eventually {
                try await store.environment(id).flatMap { $0.observed.troubled == ["web"] ? true : nil }
            }
            let ready = try await FakeWorld().eventually { () -> Environment? in
                clock.advance(by: .seconds(1))
                for _ in 0..<200 { await Task.yield() }
                return try await store.environment(id).flatMap { $0.phase == .ready || $0.phase == .failed ? $0 : nil }
            }
            #expect(ready.phase == .ready && ready.attempts.restarts == ["web": 1])
            #expect(ready.attempts.jobFailures == 0)
        }
        let seen = runs.withLock(\.self)
        #expect(seen["client"] == 2)
        // It had succeeded, or was cancelled before it had a result.
        #expect((1...2).contains(seen["db", default: 0]))
    }

    /// No stream tells of it: the collector's next look does.
    @Test func aLabThatVanishesUnseenIsFound() async throws {
        let (dependencies, provider, _) = world.dependencies()
        try await world.passingTime {
            try await world.withWorkers(dependencies) {
                let id = try await world.admit("a", dependencies)
                let row = try await world.wait(id, dependencies, for: .ready)
                provider.vanish(try #require(row.provisioned?.id))
                let lost = try await world.wait(id, dependencies, for: .failed)
                #expect(lost.failure?.code == .environmentLost)
            }
        }
    }

    @Test func aDeadBusOnlyMakesItSlower() async throws {
        let (dependencies, _, _) = world.dependencies(bus: DeadBus())
        try await world.withWorkers(dependencies) {
            let id = try await world.admit("a", dependencies)
            _ = try await FakeWorld().eventually { () -> Bool? in
                clock.advance(by: .seconds(1))
                for _ in 0..<50 { await Task.yield() }
                return try await dependencies.store.store.environment(id)?.phase == .ready ? true : nil
            }
        }
    }

    @Test func progressOfWhatIsSettledIsForgotten() async throws {
        let board = ProgressBoard()
        let (dependencies, _, _) = world.dependencies()
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        board.reporter(for: id, kind: "test").report("web", .running)
        board.settle(id)
        #expect(board.count == 1, "the last of it is not published yet")
        let subject = Subjects(instance: dependencies.instance).progress()
        try await dependencies.publisher.bus.withSubscription(to: SubjectPattern(subject), queue: nil) { messages in
            let run = Task { try await board.run(dependencies.publisher) }
            defer { run.cancel() }
            var iterator = messages.makeAsyncIterator()
            let message = await iterator.next()
            #expect(message?.subject == subject)
        }
        #expect(board.count == 0)
    }
}

import AntidoteTesting
import FakeBackend
import Logging
import Synchronization
import Testing

@testable import AntidoteCore

/// Real services under a clock that nobody moves: what only a sweep would find never happens.
@Suite("Workers without their sweep", .timeLimit(.minutes(1)))
struct DriveTests {
    let clock = ManualClock()

    private func parts(
        _ limits: AdmissionLimits = AdmissionLimits(),
        faults: [FakeFault] = [],
        script: FakeScript = .instant,
        policy: SchedulingPolicy = SchedulingPolicy(),
        planner: any EnvironmentPlanner = FakeWorld.planner,
        bus: any EventBus = InProcessBus()
    ) -> (parts: WorkerParts, provider: FakeProvider, store: InMemoryStateStore) {
        let time = clock.timeSource
        var script = script
        script.faults += faults
        let provider = FakeProvider(time: time)
        let store = InMemoryStateStore(time: time, random: .seeded(1), limits: limits)
        let instance = InstanceID(unchecked: "test")
        let parts = WorkerParts(
            instance: instance,
            store: store,
            bus: bus,
            backends: [
                FakeBackend(instance: instance, provider: provider, script: script, time: time)
            ],
            planner: planner,
            policy: policy,
            time: time,
            random: .seeded(2),
            telemetry: Telemetry(logger: .init(label: "test"), time: time)
        )
        return (parts, provider, store)
    }

    private func withWorkers(_ parts: WorkerParts, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Scheduler(id: WorkerID(unchecked: "s"), parts: parts).run() }
            group.addTask { try await Collector(id: WorkerID(unchecked: "c"), parts: parts).run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    private func admit(_ owner: String, _ parts: WorkerParts, idle: Duration? = nil) async throws -> EnvironmentID {
        let admission = try await parts.store.admit(
            AdmissionRequest(
                owner: OwnerID(unchecked: owner),
                source: EnvironmentSource(kind: "test", name: "pair"),
                backend: BackendID(unchecked: "fake"),
                idleLimit: idle
            )
        )
        await parts.publisher.publish(admission.events)
        return admission.environment.id
    }

    private func wait(_ id: EnvironmentID, _ parts: WorkerParts, for phase: Phase) async throws -> Environment {
        try await FakeWorld().eventually {
            try await parts.store.environment(id).flatMap { $0.phase == phase ? $0 : nil }
        }
    }

    @Test func roomThatGetsFreeIsTakenAtOnce() async throws {
        let (parts, _, store) = parts(AdmissionLimits(perInstance: 1))
        try await withWorkers(parts) {
            let first = try await admit("a", parts)
            _ = try await wait(first, parts, for: .ready)
            let second = try await admit("b", parts)
            try await store.remove(first)
            await parts.publisher.wake(.collector, about: first)
            _ = try await wait(second, parts, for: .ready)
        }
    }

    @Test func aRetryComesWhenItsPauseIsOverAndNotAtTheSweep() async throws {
        let fault = FakeFault(.create, firstCalls: 1, error: AntidoteError(.backendUnavailable, "x"))
        let (parts, _, store) = parts(faults: [fault])
        try await withWorkers(parts) {
            let id = try await admit("a", parts)
            let due = try await FakeWorld().eventually {
                try await store.environment(id).flatMap { $0.lease == nil ? $0.notBefore : nil }
            }
            // Nobody sleeps longer than until then: the worker knows of the pause before time moves.
            let pause = due - parts.time.now()
            for _ in 0..<2000 { await Task.yield() }
            clock.advance(by: pause)
            _ = try await wait(id, parts, for: .ready)
        }
    }

    @Test func anIdleRequestLeavesTheQueueForGood() async throws {
        let (parts, _, store) = parts(AdmissionLimits(perInstance: 0))
        let id = try await admit("a", parts, idle: .seconds(1))
        clock.advance(by: .seconds(2))
        try await withWorkers(parts) {
            let row = try await wait(id, parts, for: .closed)
            #expect(row.fence.rawValue <= 2)
        }
        #expect(try await store.events(of: id, after: 0).map(\.kind) == [.admitted, .deleted])
    }

    @Test func whatIsRemovedBeforeItIsBegunIsNotBuilt() async throws {
        let (parts, provider, store) = parts()
        let id = try await admit("a", parts)
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
        let leases = LeaseTable(policy: parts.policy, time: parts.time)
        leases.hold(claim, requested: .zero)
        try await store.remove(id)
        await EnvironmentDrive(role: .scheduler, parts: parts, leases: leases, board: ProgressBoard()).run(claim)
        #expect(provider.topologies.isEmpty)
        let row = try await store.environment(id)
        #expect(row?.phase == .deleting && row?.lease == nil)
        // Never even begun: a provider that was called would have been asked to create.
        #expect(row?.incarnation == 0)
    }

    @Test func aBackendThatHangsInRemovalIsAskedAgain() async throws {
        let fault = FakeFault(.destroy, firstCalls: 1, moment: .never, error: AntidoteError(.internalFault, "x"))
        let (parts, provider, store) = parts(faults: [fault])
        try await withWorkers(parts) {
            let id = try await admit("a", parts)
            _ = try await wait(id, parts, for: .ready)
            try await store.remove(id)
            await parts.publisher.wake(.collector, about: id)
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
        let script = FakeScript(latencies: [.job: .seconds(1)...(.seconds(1))]) { job in
            let run = runs.withLock { runs in
                runs[job.endpoint ?? "", default: 0] += 1
                return runs[job.endpoint ?? "", default: 0]
            }
            return JobResult(exitStatus: job.endpoint == "client" && run == 1 ? 1 : 0, outputTail: "")
        }
        let planner = FunctionPlanner { environment, id in
            var plan = try await FakeWorld.planner.plan(for: environment, as: id)
            var other = plan.jobs[0]
            other.id = JobID(unchecked: "configure-db")
            other.endpoint = "db"
            plan.topology.endpoints.append(Endpoint(name: "db", image: ImageReference("db")))
            plan.jobs.append(other)
            return plan
        }
        let policy = SchedulingPolicy(retry: RetryPolicy(firstPause: .zero))
        let (parts, provider, store) = parts(script: script, policy: policy, planner: planner)
        try await withWorkers(parts) {
            let id = try await admit("a", parts)
            let row = try await wait(id, parts, for: .configuration)
            provider.kill("web", in: try #require(row.provisioned?.id))
            _ = try await FakeWorld().eventually {
                try await store.environment(id).flatMap { $0.troubled == ["web"] ? true : nil }
            }
            let ready = try await FakeWorld().eventually { () -> Environment? in
                clock.advance(by: .seconds(1))
                for _ in 0..<200 { await Task.yield() }
                return try await store.environment(id).flatMap { $0.phase == .ready || $0.phase == .failed ? $0 : nil }
            }
            #expect(ready.phase == .ready && ready.restarts == ["web": 1])
            #expect(ready.jobFailures == 0)
        }
        let seen = runs.withLock(\.self)
        #expect(seen["client"] == 2)
        // It had succeeded, or was cancelled before it had a result.
        #expect((1...2).contains(seen["db", default: 0]))
    }

    @Test func aDeadBusOnlyMakesItSlower() async throws {
        let (parts, _, _) = parts(bus: DeadBus())
        try await withWorkers(parts) {
            let id = try await admit("a", parts)
            _ = try await FakeWorld().eventually { () -> Bool? in
                clock.advance(by: .seconds(1))
                for _ in 0..<50 { await Task.yield() }
                return try await parts.store.environment(id)?.phase == .ready ? true : nil
            }
        }
    }

    @Test func progressOfWhatIsSettledIsForgotten() async throws {
        let board = ProgressBoard()
        let bus = InProcessBus()
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        board.reporter(for: id).report("web", .running)
        board.settle(id)
        #expect(board.count == 1, "the last of it is not published yet")
        try await bus.withSubscription(to: SubjectPattern("p")) { messages in
            let time = clock.timeSource
            let run = Task { try await board.run(subject: "p", bus: bus, time: time) }
            defer { run.cancel() }
            var iterator = messages.makeAsyncIterator()
            let message = await iterator.next()
            #expect(message?.subject == "p")
        }
        #expect(board.count == 0)
    }
}

/// Refuses everything.
private struct DeadBus: EventBus {
    func publish(_ message: BusMessage) async throws { throw AntidoteError(.backendUnavailable, "no bus") }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        throw AntidoteError(.backendUnavailable, "no bus")
    }
}

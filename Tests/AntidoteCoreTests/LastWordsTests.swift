import AntidoteTesting
import ConcurrencyKit
import FakeBackend
import Synchronization
import Testing

@_spi(StoreKit) @testable import AntidoteCore

/// What is written by somebody who was told to stop, at a store that refuses to work for a cancelled task.
@Suite("Last words", .timeLimit(.minutes(1)))
struct LastWordsTests {
    let world = WorkerWorld()
    private static let never = AntidoteError(.internalFault, "never shown")

    private func scheduler(_ dependencies: WorkerDependencies) -> Task<Void, any Error> {
        Task {
            let planners = PlannerRegistry(FakeWorld.planners)
            try await Scheduler(id: WorkerID(unchecked: "s"), dependencies: dependencies, planners: planners)
                .run()
        }
    }

    @Test(arguments: [FakeOperation.create, .job])
    func aWorkerThatIsToldToStopHandsItsWorkBack(operation: FakeOperation) async throws {
        let fault = FakeFault(operation, moment: .never, error: LastWordsTests.never)
        let (dependencies, _, store) = world.dependencies(faults: [fault], before: { _ in })
        let id = try await world.admit("a", dependencies)
        let scheduler = scheduler(dependencies)
        _ = try await world.wait(id, dependencies, for: operation == .create ? .booting : .configuration)
        scheduler.cancel()
        _ = await scheduler.result
        let row = try #require(try await store.environment(id))
        #expect(row.lease == nil && row.attempts.notBefore == nil && row.attempts.count == 0)
    }

    @Test func whatIsClaimedAtTheLastMomentIsHandedBack() async throws {
        let (claimed, answer) = (WakeSignal(), WakeSignal())
        let (dependencies, _, store) = world.dependencies { operation in
            guard operation == "claim" else { return }
            claimed.signal()
            await answer.wait()
        }
        let id = try await world.admit("a", dependencies)
        let scheduler = scheduler(dependencies)
        await claimed.wait()
        #expect(try await store.environment(id)?.lease != nil)
        scheduler.cancel()
        answer.signal()
        _ = await scheduler.result
        #expect(try await store.environment(id)?.lease == nil)
    }

    @Test func aStoreThatHangsDoesNotKeepAWorkerFromStopping() async throws {
        let time = world.clock.timeSource
        let (dependencies, _, _) = world.dependencies(before: {
            if $0 == "commit" { try await time.sleep(.seconds(9999)) }
        })
        _ = try await world.admit("a", dependencies)
        let scheduler = scheduler(dependencies)
        // The first commit hangs, the last one too.
        await world.clock.waitForSleepers(3)
        scheduler.cancel()
        try await world.passingTime { _ = await scheduler.result }
        #expect(time.uptime() < .seconds(9999))
    }

    @Test func aCancelledLearnerLeavesNothingWanted() async throws {
        let fault = FakeFault(.probe, moment: .never, error: LastWordsTests.never)
        let time = TimeSource.system
        let base = InMemoryStateStore(time: time, random: .system)
        let instance = InstanceID(unchecked: "test")
        let embedded = EmbeddedInstance(
            id: instance,
            backend: FakeBackend(instance: instance, script: FakeScript(faults: [fault]), time: time),
            planners: FakeWorld.planners,
            store: base.behindNetwork { _ in }
        )
        try await embedded.withRunning { running in
            let learner = Task { try await running.withEnvironment(of: FakeWorld().source) { _ in } }
            let id = try await FakeWorld().eventually {
                try await base.environments(matching: EnvironmentFilter()).first { $0.phase == .booting }?.id
            }
            learner.cancel()
            await #expect(throws: CancellationError.self) { try await learner.value }
            #expect(try await base.environment(id)?.wanted == .absent)
        }
    }

    @Test func aShieldedOperationStaysOnItsExecutor() throws {
        let executor = QueueExecutor()
        let seen = Mutex<[String]>([])
        let time = world.clock.timeSource
        let task = Task(executorPreference: executor) {
            withUnsafeCurrentTask { $0?.cancel() }
            let answer = try await time.shielded(atMost: .seconds(1), onTimeout: LastWordsTests.never) {
                await Task.yield()
                seen.withLock { $0.append(executor.isRunning ? "same" : "other") }
                try Task.checkCancellation()
                return 7
            }
            seen.withLock { $0.append("\(answer)") }
        }
        executor.drain()
        #expect(seen.withLock(\.self) == ["same", "7"])
        task.cancel()
    }

    @Test func aShieldHasItsLimit() async throws {
        let time = world.clock.timeSource
        let late = AntidoteError(.storeUnavailable, "late")
        let task = Task {
            try await time.shielded(atMost: .seconds(1), onTimeout: late) { try await time.sleep(.seconds(60)) }
        }
        await world.clock.waitForSleepers(2)
        task.cancel()
        world.clock.advance(by: .seconds(1))
        let error = await #expect(throws: AntidoteError.self) { try await task.value }
        #expect(error?.code == .storeUnavailable)
    }
}

/// Runs what it is given on the thread that drains it.
private final class QueueExecutor: TaskExecutor {
    private let state = Mutex(State())

    private struct State {
        var jobs: [UnownedJob] = []
        var isRunning = false
    }

    var isRunning: Bool { state.withLock(\.isRunning) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Returns when nothing is left that could run.
    func drain() {
        while let job = next() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            state.withLock { $0.isRunning = false }
        }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            state.isRunning = true
            return state.jobs.removeFirst()
        }
    }
}

import AntidoteTesting
import FakeBackend
import Logging
import Testing

@testable import AntidoteCore

@Suite("Orphans", .timeLimit(.minutes(1)))
struct CollectingTests {
    let world = StoreWorld()
    let policy = SchedulingPolicy()

    private func id(
        _ name: String,
        _ incarnation: Int = 1,
        store: StoreID? = nil,
        instance: String = "test"
    )
        -> TopologyID
    {
        TopologyID(
            instance: InstanceID(unchecked: instance),
            store: store ?? world.store.id,
            environment: EnvironmentID(unchecked: name),
            incarnation: incarnation
        )
    }

    private func entry(_ id: TopologyID, age: Duration = .seconds(600)) -> InventoryEntry {
        InventoryEntry(id: id, state: .running, age: age)
    }

    @Test func onlyWhatIsOldAndHasNoRowIsAnOrphan() throws {
        let entries = [entry(id("a")), entry(id("b"), age: .seconds(599)), entry(id("c"))]
        var row = Environment(admitting: world.request("o"), id: EnvironmentID(unchecked: "c"), ticket: 1, now: .zero)
        row.observed.incarnation = 1
        #expect(OrphanVerdict(entries, of: entries.count, rows: [row.id: row], policy: policy).orphans == [id("a")])
    }

    @Test func ofARowOnlyDestroyedIncarnationsAreOrphans() throws {
        var row = Environment(admitting: world.request("o"), id: EnvironmentID(unchecked: "a"), ticket: 1, now: .zero)
        row.observed.incarnation = 3
        row.observed.deadThrough = 2
        row.observed.destroyedThrough = 1
        let entries = (1...4).map { entry(id("a", $0)) }
        #expect(OrphanVerdict(entries, of: entries.count, rows: [row.id: row], policy: policy).orphans == [id("a", 1)])
        row.observed.phase = .closed
        #expect(OrphanVerdict(entries, of: entries.count, rows: [row.id: row], policy: policy).orphans.count == 4)
    }

    @Test(arguments: [(5, 5, false), (6, 6, true), (6, 12, false), (7, 13, true), (0, 0, false)])
    func tooManyAtOnceAreAnAlarm(orphans: Int, all: Int, alarm: Bool) {
        var rows: [EnvironmentID: Environment] = [:]
        let entries = (0..<all).map { index in
            let id = id("e\(index)")
            if index >= orphans {
                rows[id.environment] = Environment(
                    admitting: world.request("o"),
                    id: id.environment,
                    ticket: 1,
                    now: .zero
                )
            }
            return entry(id)
        }
        #expect(OrphanVerdict(entries, of: entries.count, rows: rows, policy: policy).isAlarming == alarm)
    }

    private func sweep(_ ids: [TopologyID], faults: [FakeFault] = []) async throws -> Set<TopologyID> {
        let time = world.clock.timeSource
        let provider = FakeProvider(time: time)
        let instance = InstanceID(unchecked: "test")
        for id in ids {
            let topology = Topology(id: id, endpoints: [Endpoint(name: "web", image: ImageReference("x"))])
            _ = try await FakeBackend(instance: id.instance, provider: provider, time: time)
                .converge(topology, under: .unlimited, progress: .none)
        }
        world.clock.advance(by: policy.orphanGrace)
        let script = FakeScript(faults: faults)
        let backend = FakeBackend(instance: instance, provider: provider, script: script, time: time)
        let dependencies = WorkerDependencies(
            instance: instance,
            store: world.store,
            bus: InProcessBus(),
            backends: [backend],
            time: time,
            random: .seeded(1),
            telemetry: Telemetry(logger: Logger(label: "test"), time: time)
        )
        try await OrphanSweep(backend: backend, dependencies: dependencies).run()
        return Set(provider.topologies.keys)
    }

    @Test func foreignThingsAreLeftAlone() async throws {
        let other = id("x", store: StoreID(unchecked: "zzzzzzzzzzzzzzzz"))
        let stranger = id("y", instance: "other")
        #expect(try await sweep([id("a"), other, stranger]) == [other, stranger])
    }

    @Test func anOrphanThatResistsDoesNotKeepTheOthers() async throws {
        let fault = FakeFault(
            .destroy,
            probability: 0.5,
            error: AntidoteError(.backendRefused, "no")
        )
        let left = try await sweep(["a", "b", "c", "d", "e"].map { id($0) }, faults: [fault])
        // Which ones resist is drawn by name, so that it is the same each time; not all do.
        #expect(left.count < 5)
        let first = FakeFault(.destroy, firstCalls: 1, error: AntidoteError(.backendRefused, "no"))
        #expect(try await sweep([id("a"), id("b")], faults: [first]).count == 2)
    }

    @Test func aBuildDeadlineLeavesPullingOut() async throws {
        let clock = ManualClock()
        let deadline = BuildDeadline(policy: policy, time: clock.timeSource)
        clock.advance(by: .seconds(100))
        #expect(deadline.remaining == .seconds(500))
        for name in ["a", "b"] { deadline.note(.endpoint(name, .pulling(done: 0, total: nil))) }
        clock.advance(by: .seconds(300))
        deadline.note(.endpoint("a", .starting))
        clock.advance(by: .seconds(300))
        #expect(deadline.remaining == .seconds(500))
        deadline.note(.endpoint("b", .starting))
        clock.advance(by: .seconds(100))
        #expect(deadline.remaining == .seconds(400))
    }

    @Test func pullingIsBoundedToo() async throws {
        let clock = ManualClock()
        let deadline = BuildDeadline(policy: policy, time: clock.timeSource)
        deadline.note(.endpoint("a", .pulling(done: 0, total: nil)))
        clock.advance(by: .seconds(2399))
        #expect(deadline.remaining == .seconds(1))
        async let outcome: Void = { try await deadline.enforce() }()
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        do {
            try await outcome
            Issue.record("the deadline passed unnoticed")
        } catch let error as AntidoteError {
            #expect(error.code == .provisionDeadline)
        }
    }

    @Test func aDeadlineEndsWhatTakesTooLongAndNothingElse() async throws {
        let clock = ManualClock()
        let time = clock.timeSource
        let late = AntidoteError(.deadlineExceeded, "late")
        #expect(try await time.withDeadline(.seconds(1), onTimeout: late) { 7 } == 7)
        let slow = Task {
            try await time.withDeadline(.seconds(1), onTimeout: late) { try await time.sleep(.seconds(60)) }
        }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        await #expect(throws: AntidoteError.self) { try await slow.value }
        let cancelled = Task {
            try await time.withDeadline(.seconds(1), onTimeout: late) { try await time.sleep(.seconds(60)) }
        }
        await clock.waitForSleepers(2)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
}

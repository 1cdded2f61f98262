import AntidoteTesting
import FakeBackend
import Metrics
import MetricsTestKit
import Synchronization
import Testing

@testable import AntidoteCore

@Suite("What hangs", .timeLimit(.minutes(1)))
struct HungPartsTests {
    let world = WorkerWorld()

    @Test func aBusThatHangsOnlyMakesItSlower() async throws {
        let metrics = TestMetrics()
        let (dependencies, _, store) = world.dependencies(bus: HungBus(time: world.clock.timeSource))
        let admission = try await store.admit(StoreWorld().request("a"))
        try await withMetricsFactory(metrics) {
            try await world.passingTime {
                try await world.withWorkers(dependencies) {
                    _ = try await world.wait(admission.environment.id, dependencies, for: .ready)
                }
            }
        }
        #expect(dependencies.time.uptime() < .seconds(1_000_000))
        #expect(try await store.unpublishedEvents(limit: 10).count == 2)
        #expect(metrics.counterTotal(label: "antidote_unpublished_messages", dimensions: [("kind", "event")]) > 0)
    }

    /// Its lease was renewed for ever, so that nobody else took over either.
    @Test func aStoreThatHangsInAReadDoesNotKeepAnEnvironment() async throws {
        let time = world.clock.timeSource
        let hangs = Mutex(true)
        let fault = FakeFault(.create, firstCalls: 1, error: AntidoteError(.backendUnavailable, "x"))
        let (dependencies, _, _) = world.dependencies(faults: [fault]) { operation in
            let isFirst =
                operation == "environment"
                && hangs.withLock { hangs in
                    defer { hangs = false }
                    return hangs
                }
            if isFirst { try await time.sleep(.seconds(1_000_000)) }
        }
        let id = try await world.admit("a", dependencies)
        try await world.passingTime {
            try await world.withWorkers(dependencies) {
                _ = try await FakeWorld().eventually {
                    try await dependencies.store.store.events(of: id, after: 1).contains { $0.kind == .ready }
                        ? true : nil
                }
            }
        }
        let hasHung = hangs.withLock { !$0 }
        #expect(hasHung)
    }

    @Test func aPlannerThatHangsIsAFailureWithAName() async throws {
        let time = world.clock.timeSource
        let planner = FunctionPlanner { _ in
            try await time.sleep(.seconds(1_000_000))
            throw AntidoteError(.internalFault, "never shown")
        }
        let (dependencies, provider, _) = world.dependencies()
        try await world.passingTime {
            try await world.withWorkers(dependencies, planner: planner) {
                let row = try await world.wait(try await world.admit("a", dependencies), dependencies, for: .failed)
                #expect(row.failure?.code == .deadlineExceeded)
                #expect(row.failure?.message.contains("plan") == true)
                #expect(row.failure?.subject == "pair")
            }
        }
        #expect(provider.topologies.isEmpty)
    }
}

/// Takes everything, and answers nothing.
private struct HungBus: EventBus {
    let time: TimeSource

    func publish(_ message: BusMessage) async throws { try await time.sleep(.seconds(1_000_000)) }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try await time.sleep(.seconds(1_000_000))
        throw CancellationError()
    }
}

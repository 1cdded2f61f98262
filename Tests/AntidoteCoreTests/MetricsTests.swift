import FakeBackend
import Metrics
import MetricsTestKit
import Testing

@testable import AntidoteCore

@Suite("Numbers", .timeLimit(.minutes(1)))
struct MetricsTests {
    let world = WorkerWorld()
    let metrics = TestMetrics()

    private func total(_ label: String, _ key: String, _ value: String) -> Int64 {
        metrics.counterTotal(label: label, dimensions: [(key, value)])
    }

    @Test func aReadyEnvironmentIsCountedAndTimed() async throws {
        let latencies: [FakeOperation: ClosedRange<Duration>] = [.start: .seconds(7)...(.seconds(7))]
        let (dependencies, _, _) = world.dependencies(script: FakeScript(latencies: latencies))
        try await withMetricsFactory(metrics) {
            try await world.passingTime {
                try await world.withWorkers(dependencies) {
                    _ = try await world.wait(try await world.admit("a", dependencies), dependencies, for: .ready)
                    _ = try await FakeWorld().eventually {
                        total("antidote_phase_changes", "phase", "READY") > 0 ? true : nil
                    }
                }
            }
        }
        for phase in [Phase.booting, .configuration, .ready] {
            #expect(total("antidote_phase_changes", "phase", phase.rawValue) == 1)
        }
        #expect(total("antidote_phase_changes", "phase", "FAILED") == 0)
        #expect(total("antidote_claims", "role", "scheduler") == 1)
        let seconds = try metrics.expectTimer("antidote_ready_seconds").values.map { $0 / 1_000_000_000 }
        #expect(seconds.count == 1 && seconds.allSatisfy { (7..<60).contains($0) })
    }

    @Test func aFailureIsCountedByItsCode() async throws {
        let fault = FakeFault(.start, error: AntidoteError(.imageMissing, "no such image", subject: "web"))
        let (dependencies, _, _) = world.dependencies(faults: [fault])
        try await withMetricsFactory(metrics) {
            try await world.withWorkers(dependencies) {
                _ = try await world.wait(try await world.admit("a", dependencies), dependencies, for: .failed)
                _ = try await FakeWorld().eventually {
                    total("antidote_failures", "code", "imageMissing") > 0 ? true : nil
                }
            }
        }
        #expect(total("antidote_failures", "code", "imageMissing") == 1)
        #expect(metrics.counterTotal(label: "antidote_failures") == 1)
        #expect(metrics.timers(label: "antidote_ready_seconds").isEmpty)
    }
}

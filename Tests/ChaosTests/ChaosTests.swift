import ChaosScenario
import Foundation
import Testing

/// The real programs under a steady stream of visitors, while anything is killed, stopped or cut off.
@Suite(.serialized) struct ChaosTests {
    @Test func everyRuleHoldsWhileAnythingIsKilled() async throws {
        var options = ChaosOptions()
        options.faults = 40
        options.seconds = 45
        options.upgrades = false
        let report = try await ChaosRun(options).run()
        #expect(report.isRight, "\(report)")
        #expect(report.faultCount >= 30 && report.missedFaults == [], "\(report)")
        #expect(report.readyCount >= 20, "\(report)")
    }

    @Test func everythingIsReplacedUnderLoad() async throws {
        var options = ChaosOptions()
        options.faults = 0
        options.seconds = 5
        let report = try await ChaosRun(options).run()
        #expect(report.isRight, "\(report)")
        #expect(report.readyCount >= 20, "\(report)")
    }

    @Test func everyRuleHoldsWithoutABus() async throws {
        var options = ChaosOptions()
        options.busIsDown = true
        options.faults = 12
        options.seconds = 20
        options.upgrades = false
        let report = try await ChaosRun(options).run()
        #expect(report.isRight, "\(report)")
        #expect(report.readyCount >= 10, "\(report)")
    }

    @Test func everyRuleHoldsWithLabsOnADockerEngine() async throws {
        var options = ChaosOptions()
        let socket: String = try #require(
            ProcessInfo.processInfo.environment["ANTIDOTE_TEST_DOCKER_SOCKET"],
            "set ANTIDOTE_TEST_DOCKER_SOCKET to the socket of a Docker Engine that has the images"
        )
        options.engine = socket
        options.faults = 12
        options.seconds = 40
        options.rate = 0.25
        options.upgrades = false
        let report = try await ChaosRun(options).run()
        #expect(report.isRight, "\(report)")
        #expect(report.faultCount >= 8, "\(report)")
        #expect(report.readyCount >= 3, "\(report)")
    }
}

import ChaosScenario
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
        #expect(report.faultCount >= 30, "\(report)")
        #expect(report.readyCount >= 20, "\(report)")
    }
}

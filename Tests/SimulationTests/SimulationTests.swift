import SimulationScenario
import Testing

@Suite("Simulation of the core", .timeLimit(.minutes(15)))
struct SimulationTests {
    /// The seeds are shared between two programs.
    @Test func everyRuleHoldsInTwoThousandSeeds() async throws {
        async let first = SimulateProgram.run("--seeds", "1000", "--from", "1")
        async let second = SimulateProgram.run("--seeds", "1000", "--from", "1001")
        for said in try await [first, second] {
            #expect(said.hasPrefix("1000 seeds held every rule"))
            let steps = said.split(separator: " ").compactMap { Int($0) }
            #expect(try #require(steps.dropFirst().first) >= 500)
            print("simulation: \(said)", terminator: "")
        }
    }

    /// Sets and dictionaries are in another order in each process: what acts in that order shows here.
    @Test func aSeedIsTheSameRunInAnyProcess() async throws {
        let arguments = ["--seeds", "50", "--from", "1", "--hashes"]
        async let first = SimulateProgram.run(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4])
        async let second = SimulateProgram.run(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4])
        let hashes = try await [first, second].map { said in
            said.split(separator: "\n").filter { $0.hasPrefix("seed ") }
        }
        #expect(hashes[0].count == 50)
        #expect(hashes[0] == hashes[1])
        #expect(Set(hashes[0].compactMap { $0.split(separator: " ").last }).count == 50)
    }

    @Test func aSeedRepeatsItselfWithItsHistory() {
        let plain = SimulationRun(seed: 11).run()
        let told = SimulationRun(seed: 11).run(isRecording: true)
        #expect(plain.hash == told.hash && plain.steps == told.steps)
        #expect(plain.history.isEmpty)
        #expect(told.history.contains { $0.contains("READY") })
    }
}

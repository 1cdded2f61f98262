import SimulationScenario
import Testing

@Suite("Simulation")
struct SimulationTests {
    @Test func aSeedRepeatsItself() {
        #expect(SimulationRun(seed: 7).run().hash == SimulationRun(seed: 7).run().hash)
    }
}

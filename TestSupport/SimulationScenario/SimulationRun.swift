import AntidoteCore
import AntidoteTesting
import FakeBackend

/// One run of the scenario: two instances, and another store under the name of the first, under one seed.
public struct SimulationRun {
    public let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    /// What came of it.
    public struct Outcome: Sendable {
        public var seed: UInt64
        public var steps: Int
        public var virtualTime: Duration
        /// Equal for equal seeds, in any process.
        public var hash: UInt64
        /// What went wrong, if anything did.
        public var violation: Violation?
        public var tally: Tally
        /// Only if it was asked for.
        public var history: [String]
    }

    private static let leastSteps = 500
    private static let faultyTime = Duration.seconds(150)
    /// By then everything has come to its end, whatever happened: deadlines, retries, pauses, leases and grace in a row.
    private static let restTime = Duration.seconds(1500)
    private static let budget = Simulation.Budget(steps: 150_000)

    public func run(isRecording: Bool = false) -> Outcome {
        let simulation = Simulation(seed: seed, isRecording: isRecording)
        var dice = SplitMix64(seed: seed ^ 0x5EED_5EED_5EED_5EED)
        let swarm = Swarm(&dice)
        let world = World(simulation: simulation, swarm: swarm, dice: dice.fork())
        simulation.note("SWARM", "\(swarm)")
        let first = FaultyBus(world: world)
        let names = [InstanceID(unchecked: "sim-a"), InstanceID(unchecked: "sim-b")]
        world.installations = [
            Installation(number: 0, instance: names[0], copies: 2, bus: first, world: world),
            Installation(number: 1, instance: names[1], copies: 2, bus: FaultyBus(world: world), world: world),
            // The same name, and another database behind it.
            Installation(number: 2, instance: names[0], copies: 1, bus: first, world: world),
        ]
        let chaos = Chaos(world: world)
        var inspector = Inspector(world: world)
        for installation in world.installations { installation.bootAll() }
        chaos.settleStrangers()

        var faults = swarm.faults[...]
        var calmSince: Duration?
        let end = simulation.run(SimulationRun.budget) {
            inspector.hasComeToRest(
                since: calmSince,
                leastSteps: SimulationRun.leastSteps,
                within: SimulationRun.restTime
            )
        } afterStep: { process in
            inspector.look(after: process)
            if world.violation != nil { return true }
            let steps = simulation.steps
            while let fault = faults.first, fault.step <= steps, calmSince == nil {
                faults.removeFirst()
                chaos.apply(fault)
                inspector.acceptProvider()
            }
            if calmSince == nil, steps >= swarm.faultySteps || simulation.uptime >= SimulationRun.faultyTime {
                calmSince = simulation.uptime
                calm(world)
            }
            return false
        }
        let violation = world.violation ?? SimulationRun.violation(of: end)
        if let violation { simulation.note("VIOLATION", violation.description) }
        let outcome = Outcome(
            seed: seed,
            steps: simulation.steps,
            virtualTime: simulation.uptime,
            hash: simulation.trace.hash,
            violation: violation,
            tally: world.tally,
            history: simulation.trace.lines
        )
        simulation.dispose()
        // They know each other.
        world.installations = []
        return outcome
    }

    private func calm(_ world: World) {
        world.simulation.note("FAULT", "nothing goes wrong any more")
        world.endFaults()
        for installation in world.installations {
            for process in installation.processes { process.resume() }
            installation.bootAll()
        }
    }

    private static func violation(of end: Simulation.End) -> Violation? {
        switch end {
        case .stopped: nil
        case .stuck: Violation(1, "nobody can go on, and nobody waits for anything")
        case .livelock(let steps): Violation(1, "after \(steps) steps there is no end")
        case .escaped(let what): Violation(8, "something left the simulation: \(what)")
        }
    }
}

import AntidoteCore
import AntidoteTesting
import FakeBackend
import Synchronization

/// What all installations of one run share: the provider, the faults, and what is known of what happened.
final class World: Sendable {
    let simulation: Simulation
    let swarm: Swarm
    let provider: FakeProvider
    /// A process that nobody supervises: strangers, forgers and late messengers live here.
    let outside: SimulatedProcess
    private let state: Mutex<State>

    private struct State {
        var dice: SplitMix64
        var hasFaults = true
        var violation: Violation?
        var jobRuns: [JobRun] = []
        /// Ids of events that the bus has taken.
        var handed: Set<String> = []
        /// What was made or removed by calls whose lease was over.
        var lateCalls: Set<TopologyID> = []
        /// Not killed, and yet not there any more.
        var harmed: Set<TopologyID> = []
        var stopped: Set<Int> = []
        var tally = Tally()
        var installations: [Installation] = []
        var strangers: Set<TopologyID> = []
    }

    init(simulation: Simulation, swarm: Swarm, dice: SplitMix64) {
        self.simulation = simulation
        self.swarm = swarm
        provider = FakeProvider(time: simulation.timeSource)
        outside = simulation.process("outside")
        state = Mutex(State(dice: dice))
    }

    var installations: [Installation] {
        get { state.withLock { $0.installations } }
        set { state.withLock { $0.installations = newValue } }
    }

    /// What others keep at the same provider.
    var strangers: Set<TopologyID> { state.withLock { $0.strangers } }
    func noteStranger(_ id: TopologyID) { state.withLock { _ = $0.strangers.insert(id) } }

    /// Processes that were stopped for a while: no deadline of theirs is held against them.
    func noteStopped(_ process: Int) { state.withLock { _ = $0.stopped.insert(process) } }
    func wasStopped(_ process: Int) -> Bool { state.withLock { $0.stopped.contains(process) } }

    // Faults.

    var hasFaults: Bool { state.withLock { $0.hasFaults } }

    func endFaults() { state.withLock { $0.hasFaults = false } }

    /// True with this probability, as long as there are faults.
    func mishap(_ probability: Double) -> Bool {
        guard probability > 0 else { return false }
        return state.withLock { $0.hasFaults && $0.dice.chance(probability) }
    }

    func draw(below bound: Int) -> Int { state.withLock { $0.dice.below(bound) } }

    func chance(_ probability: Double) -> Bool { state.withLock { $0.dice.chance(probability) } }

    func fork() -> SplitMix64 { state.withLock { $0.dice.fork() } }

    func randomSource() -> RandomSource { .seeded(state.withLock { $0.dice.next() }) }

    // What is seen.

    var violation: Violation? { state.withLock { $0.violation } }

    func report(_ violation: Violation) { state.withLock { $0.violation = $0.violation ?? violation } }

    func noteRun(_ run: JobRun) { state.withLock { $0.jobRuns.append(run) } }

    func takeRuns() -> [JobRun] {
        state.withLock { state in
            defer { state.jobRuns = [] }
            return state.jobRuns
        }
    }

    func noteHanded(_ event: String) { state.withLock { _ = $0.handed.insert(event) } }
    func wasHanded(_ event: String) -> Bool { state.withLock { $0.handed.contains(event) } }

    func noteLateCall(_ id: TopologyID) { state.withLock { _ = $0.lateCalls.insert(id) } }
    func wasLate(_ id: TopologyID) -> Bool { state.withLock { $0.lateCalls.contains(id) } }

    /// The world itself has taken something of it.
    func noteHarm(_ id: TopologyID) { state.withLock { _ = $0.harmed.insert(id) } }
    func wasHarmed(_ id: TopologyID) -> Bool { state.withLock { $0.harmed.contains(id) } }

    func count(_ change: (inout Tally) -> Void) { state.withLock { change(&$0.tally) } }
    var tally: Tally { state.withLock { $0.tally } }
}

/// A rule that did not hold.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The number of the rule in the list of rules that always hold.
    public var rule: Int
    public var sentence: String

    init(_ rule: Int, _ sentence: String) {
        self.rule = rule
        self.sentence = sentence
    }

    public var description: String { "rule \(rule): \(sentence)" }
}

/// A job did its work at the provider.
struct JobRun: Sendable {
    var topology: String
    var endpoint: String
    var generation: Int
    var revision: Int
    var succeeded: Bool
}

/// How much happened: a run in which nothing does proves nothing.
public struct Tally: Sendable {
    public var admitted = 0
    public var ready = 0
    public var failed = 0
    public var closed = 0
    public var faults = 0
    public var lostLeases = 0
    public var restarts = 0

    static func + (left: Tally, right: Tally) -> Tally {
        var sum = left
        sum.admitted += right.admitted
        sum.ready += right.ready
        sum.failed += right.failed
        sum.closed += right.closed
        sum.faults += right.faults
        sum.lostLeases += right.lostLeases
        sum.restarts += right.restarts
        return sum
    }
}

import AntidoteCore
import AntidoteTesting
import FakeBackend

/// What one seed puts its installations through: each draws which faults there are, and how many, so that some meet in
/// one run that would hide each other if all were always there.
struct Swarm: Sendable {
    enum BusMood: Sendable {
        case healthy
        /// Loses, repeats, swaps and refuses messages.
        case lying
        /// Refuses everything for the whole run.
        case dead
        /// Takes everything and never answers.
        case hung
    }

    var policy: SchedulingPolicy
    var bus: BusMood
    /// Probabilities for each call while there are faults.
    var storeErrors: Double
    var storeDelays: Double
    var storeHangs: Double
    /// Of commits whose answer is lost, and which arrive long after their worker gave up.
    var lateCommits: Double
    var inventoryErrors: Double
    var brokenStreams: Double
    /// Whether a worker's call may still take effect after its lease has ended.
    var hasLateCalls: Bool
    var script: FakeScript
    var faults: [Fault]
    var limits: [AdmissionLimits]
    var visitors: [Int]
    /// How many steps the faults go on for.
    var faultySteps: Int

    init(_ dice: inout SplitMix64) {
        policy = Swarm.policy(&dice)
        bus = [.healthy, .healthy, .healthy, .lying, .lying, .dead, .dead, .hung][dice.below(8)]
        storeErrors = dice.chance(0.4) ? 0.02 : 0
        storeDelays = dice.chance(0.4) ? 0.05 : 0
        storeHangs = dice.chance(0.15) ? 0.01 : 0
        lateCommits = dice.chance(0.35) ? 0.06 : 0
        inventoryErrors = dice.chance(0.2) ? 0.3 : 0
        brokenStreams = dice.chance(0.2) ? 0.3 : 0
        hasLateCalls = dice.chance(0.4)
        script = Swarm.script(&dice)
        visitors = [2 + dice.below(3), 1 + dice.below(2), dice.below(2)]
        faultySteps = 800 + dice.below(2600)
        limits = []
        for _ in 0..<3 { limits.append(Swarm.limits(&dice)) }
        faults = []
        faults = Fault.Kind.allCases.flatMap { kind -> [Fault] in
            guard dice.chance(0.35) else { return [] }
            return (0..<(1 + dice.below(kind.atMost))).map { _ in
                Fault(
                    kind: kind,
                    step: Swarm.firstStep + dice.below(faultySteps - Swarm.firstStep),
                    choice: Int(dice.next() >> 33)
                )
            }
        }
        .sorted { $0.step < $1.step }
    }

    /// Before that there is hardly a lab to hit.
    private static let firstStep = 200

    private static func policy(_ dice: inout SplitMix64) -> SchedulingPolicy {
        let sweep = [5, 10, 20, 20][dice.below(4)]
        return SchedulingPolicy(
            provisionDeadline: .seconds(60),
            pullDeadline: .seconds(60),
            planDeadline: .seconds(10),
            storeDeadline: .seconds(5),
            busDeadline: .seconds(2),
            leaseDuration: .seconds(15),
            renewInterval: .seconds(5),
            sweepInterval: .seconds(sweep),
            collectionInterval: .seconds(40),
            orphanGrace: .seconds(90),
            failedRetention: .seconds(100),
            maxRestarts: 3,
            maxClaims: 20,
            concurrency: [1, 2, 64, 64][dice.below(4)],
            retry: RetryPolicy(firstPause: .seconds(1), maxPause: .seconds(8), maxAttempts: 6)
        )
    }

    private static func limits(_ dice: inout SplitMix64) -> AdmissionLimits {
        guard dice.chance(0.6) else { return AdmissionLimits() }
        return AdmissionLimits(
            perOwner: dice.chance(0.5) ? 1 + dice.below(2) : nil,
            perSource: dice.chance(0.3) ? 1 + dice.below(2) : nil,
            perBackend: dice.chance(0.3) ? 1 + dice.below(3) : nil,
            perInstance: dice.chance(0.5) ? 1 + dice.below(3) : nil,
            queueLength: dice.chance(0.3) ? 1 + dice.below(3) : nil
        )
    }

    private static func script(_ dice: inout SplitMix64) -> FakeScript {
        var script = FakeScript(seed: dice.next())
        let pace = [0, 0, 100, 3000, 12_000][dice.below(5)]
        if pace > 0 {
            for operation in FakeOperation.allCases where dice.chance(0.6) {
                script.latencies[operation] = .zero ... .milliseconds(pace)
            }
        }
        let codes: [AntidoteError.Code] = [
            .backendUnavailable, .backendUnavailable, .backendUnavailable, .nameConflict, .storageFull,
            .endpointNotReady, .endpointNotReady, .endpointFailed, .endpointFailed, .backendRefused,
        ]
        for operation in FakeOperation.allCases where operation != .inventory && dice.chance(0.25) {
            let moment: FakeFault.Moment = [.before, .after, .after, .never][dice.below(4)]
            script.faults.append(
                FakeFault(
                    operation,
                    probability: [0.2, 0.5, 1][dice.below(3)],
                    // What is refused for ever must come to an end too; only removal may not.
                    firstCalls: operation != .destroy && dice.chance(0.12) ? nil : 1 + dice.below(2),
                    moment: moment,
                    error: AntidoteError(codes[dice.below(operation == .destroy ? 2 : codes.count)], "scripted")
                )
            )
        }
        if dice.chance(0.15) { script.capacity = 3 + dice.below(4) }
        return script
    }
}

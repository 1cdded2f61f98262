/// What `antidote-simulate` does: many seeds in a row, or one with its history.
public struct SimulationCommand: Sendable {
    private var seeds = 2000
    private var from: UInt64 = 1
    private var jobs = 1
    private var single: UInt64?
    private var showsHashes = false
    private var problem: String?

    public static let usage = """
        usage: antidote-simulate [--seeds N] [--from K] [--jobs J] [--hashes]
               antidote-simulate --seed K

          --seeds N   run N seeds (2000), stop at the first that breaks a rule
          --from K    the first seed (1)
          --jobs J    side by side (1)
          --hashes    print the trace hash of each seed
          --seed K    run this seed alone, and print its history
        """

    public init(_ arguments: some Sequence<String>) {
        var words = Array(arguments)[...]
        while let word = words.popFirst() {
            if word == "--hashes" {
                showsHashes = true
                continue
            }
            guard let value = words.popFirst().flatMap(UInt64.init) else {
                problem = "what is meant by “\(word)”?"
                return
            }
            switch word {
            case "--seeds": seeds = Int(clamping: value)
            case "--from": from = value
            case "--jobs": jobs = max(1, min(64, Int(clamping: value)))
            case "--seed": single = value
            default: problem = "what is meant by “\(word)”?"
            }
        }
    }

    /// The exit status: 0 if every rule held, 1 if one did not, 64 for wrong arguments.
    public func run() async -> Int32 {
        if let problem {
            print(problem)
            print(SimulationCommand.usage)
            return 64
        }
        return if let single { replay(single) } else { await runAll() }
    }

    private func replay(_ seed: UInt64) -> Int32 {
        let outcome = SimulationRun(seed: seed).run(isRecording: true)
        for line in outcome.history { print(line) }
        print(SimulationCommand.summary(of: outcome))
        return outcome.violation == nil ? 0 : 1
    }

    private func runAll() async -> Int32 {
        let clock = ContinuousClock()
        let start = clock.now
        var sum = SimulationSum()
        await withTaskGroup(of: SimulationRun.Outcome.self) { group in
            var next = from
            let end = from + UInt64(seeds)
            func add() {
                guard next < end, sum.failure == nil else { return }
                let seed = next
                next += 1
                group.addTask { SimulationRun(seed: seed).run() }
            }
            for _ in 0..<jobs { add() }
            for await outcome in group {
                if showsHashes { print("seed \(outcome.seed) hash \(String(outcome.hash, radix: 16))") }
                sum.add(outcome)
                add()
            }
        }
        guard let failure = sum.failure else {
            print("\(sum) in \(start.duration(to: clock.now))")
            return 0
        }
        print("\(SimulationCommand.summary(of: failure)); replay it: make simulate SEED=\(failure.seed)")
        return 1
    }

    private static func summary(of outcome: SimulationRun.Outcome) -> String {
        "seed \(outcome.seed): \(outcome.violation?.description ?? "every rule held"), \(outcome.steps) steps, "
            + "\(outcome.virtualTime) of virtual time, trace \(String(outcome.hash, radix: 16))"
    }
}

/// What many seeds came to.
struct SimulationSum: CustomStringConvertible {
    private(set) var failure: SimulationRun.Outcome?
    private var seeds = 0
    private var steps = 0
    private var fewest = Int.max
    private var most = 0
    private var tally = Tally()

    mutating func add(_ outcome: SimulationRun.Outcome) {
        seeds += 1
        steps += outcome.steps
        fewest = min(fewest, outcome.steps)
        most = max(most, outcome.steps)
        tally = tally + outcome.tally
        if outcome.violation != nil, outcome.seed < failure?.seed ?? .max { failure = outcome }
    }

    var description: String {
        "\(seeds) seeds held every rule: \(fewest) to \(most) steps each, \(steps) in all; \(tally.admitted) labs, "
            + "\(tally.ready) times ready, \(tally.failed) failed, \(tally.closed) gone; \(tally.faults) faults, "
            + "\(tally.restarts) crashes, \(tally.lostLeases) late writes refused"
    }
}

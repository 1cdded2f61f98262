import AntidoteCore

/// Asks the store under test and a model the same, again and again, and compares the answers.
///
/// What each calls its rows and sessions differs, and the time that each tells: rows are compared by who has them, and
/// durations are such that what real time goes by decides nothing.
struct ModelRun: Sendable {
    static let limits = AdmissionLimits(
        perOwner: 4,
        perAddress: 6,
        sessionsPerAddress: 5,
        perSource: 4,
        perBackend: 7,
        perInstance: 11,
        queueLength: 12
    )

    let real: ModelSide
    let model: ModelSide
    private let draws: RandomSource
    private let clock = ManualClock()
    private let bench: StoreBench

    init(bench: StoreBench, seed: UInt64) {
        self.bench = bench
        draws = .seeded(seed)
        let store = bench.makeModel(clock.timeSource, .seeded(seed), Self.limits)
        model = ModelSide(connections: [store, store])
        real = ModelSide(connections: bench.both)
    }

    func run(steps: Int) async throws {
        for step in 0..<steps {
            let action = ModelAction(drawing: draws)
            if case .pass(let duration) = action {
                clock.advance(by: duration)
                try await bench.pass(duration)
                continue
            }
            let connection = action.isForOneConnection ? 0 : Int(draws.next() % 2)
            let found = try await real.perform(action, through: connection)
            let wanted = try await model.perform(action, through: connection)
            try require(found == wanted, "step \(step), \(action): wanted\n\(wanted)\nfound\n\(found)")
        }
        let found = try await real.everything()
        let wanted = try await model.everything()
        try require(found == wanted, "in the end: wanted\n\(wanted)\nfound\n\(found)")
    }
}

/// One operation. Rows and sessions are named by the numbers that both sides count them by.
enum ModelAction: Sendable {
    case open(address: Int)
    case end(session: Int)
    case persist(Bool, session: Int)
    case admit(session: Int, source: Int, backend: Int, isIdle: Bool)
    case change(row: Int, revision: Int)
    case remove(row: Int)
    case keepAlive(rows: [Int])
    case claim(WorkerRole, backends: [Int], deciding: Bool)
    case renew
    case commit(number: Int, step: Int, releases: Bool)
    case nextDue(WorkerRole)
    case report(row: Int, isDead: Bool)
    case read(row: Int)
    case list(owner: Int?)
    case publish
    case forget
    case pass(Duration)

    /// What is published is known at once to whoever said so, and a moment later to others.
    var isForOneConnection: Bool { if case .publish = self { true } else { false } }

    init(drawing random: RandomSource) {
        func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let role: WorkerRole = draw(3) == 0 ? .collector : .scheduler
        self =
            switch draw(100) {
            case 0..<4: .open(address: draw(3))
            case 4: .end(session: draw(40))
            case 5: .persist(draw(2) == 0, session: draw(40))
            case 6..<26: .admit(session: draw(40), source: draw(4), backend: draw(2), isIdle: draw(2) == 0)
            case 26..<31: .change(row: draw(200), revision: draw(4))
            case 31..<35: .remove(row: draw(200))
            case 35..<38: .keepAlive(rows: [draw(200), draw(200), draw(200)])
            case 38..<53: .claim(role, backends: draw(3) == 0 ? [draw(2)] : [0, 1], deciding: draw(3) == 0)
            case 53..<56: .renew
            case 56..<80: .commit(number: draw(12), step: draw(12), releases: draw(3) == 0)
            case 80..<83: .nextDue(role)
            case 83..<87: .report(row: draw(200), isDead: draw(3) != 0)
            case 87..<90: .read(row: draw(200))
            case 90..<92: .list(owner: draw(2) == 0 ? draw(40) : nil)
            case 92: .publish
            case 93: .forget
            default: .pass(.seconds(3600 * (1 + draw(6))))
            }
    }
}

extension StoreCase {
    static let modelCases: [StoreCase] = [
        StoreCase(
            .model,
            "random",
            "2,000 random operations get the answers that the model gives",
            limits: ModelRun.limits
        ) { bench in
            let seed = bench.random.next()
            do {
                try await ModelRun(bench: bench, seed: seed).run(steps: 2000)
            } catch let failure as ConformanceFailure {
                throw ConformanceFailure(description: "\(failure) (seed \(seed))")
            }
        }
    ]
}

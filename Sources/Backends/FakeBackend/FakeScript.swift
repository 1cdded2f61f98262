public import AntidoteCore

/// How a fake backend behaves: its latencies, faults, capacity and the results of its jobs.
public struct FakeScript: Sendable {
    /// How long each operation takes, drawn from the seed. What is missing takes no time.
    public var latencies: [FakeOperation: ClosedRange<Duration>]
    /// What goes wrong, each fault drawn by itself.
    public var faults: [FakeFault]
    /// How many topologies fit; `nil`: any number.
    public var capacity: Int?
    /// What the same decisions are drawn from again.
    public var seed: UInt64
    /// How a job ends.
    public var run: @Sendable (FakeRun) -> FakeOutcome
    /// Why an image cannot be had; `nil` if it can.
    public var imageTrouble: @Sendable (ImageReference) -> AntidoteError?
    /// What becomes of a machine that was started.
    public var machine: @Sendable (Endpoint) -> FakeMachine

    public init(
        latencies: [FakeOperation: ClosedRange<Duration>] = [:],
        faults: [FakeFault] = [],
        capacity: Int? = nil,
        seed: UInt64 = 0,
        imageTrouble: @escaping @Sendable (ImageReference) -> AntidoteError? = { _ in nil },
        machine: @escaping @Sendable (Endpoint) -> FakeMachine = { _ in .ready },
        run: @escaping @Sendable (FakeRun) -> FakeOutcome = { _ in .ends(JobResult(exitStatus: 0, outputTail: "")) }
    ) {
        self.latencies = latencies
        self.faults = faults
        self.capacity = capacity
        self.seed = seed
        self.imageTrouble = imageTrouble
        self.machine = machine
        self.run = run
    }

    /// Does everything at once, and never fails.
    public static let instant = FakeScript()

    /// About as fast as a laptop: for showing what a lab looks like where there is no engine.
    public static let demonstration = FakeScript(
        latencies: [
            .pull: .milliseconds(200)...(.milliseconds(900)),
            .create: .milliseconds(50)...(.milliseconds(150)),
            .start: .milliseconds(200)...(.milliseconds(400)),
            .probe: .milliseconds(300)...(.milliseconds(1200)),
            .job: .milliseconds(500)...(.milliseconds(1500)),
            .destroy: .milliseconds(200)...(.milliseconds(500)),
        ]
    )
}

/// Something that goes wrong with an operation.
public struct FakeFault: Sendable {
    /// What goes wrong.
    public var operation: FakeOperation
    /// 0 to 1.
    public var probability: Double
    /// Only the first so many calls of the operation for one topology. `nil`: all.
    public var firstCalls: Int?
    /// When it goes wrong.
    public var moment: Moment
    /// What the backend throws then.
    public var error: AntidoteError

    public init(
        _ operation: FakeOperation,
        probability: Double = 1,
        firstCalls: Int? = nil,
        moment: Moment = .before,
        error: AntidoteError
    ) {
        self.operation = operation
        self.probability = probability
        self.firstCalls = firstCalls
        self.moment = moment
        self.error = error
    }

    /// When an operation goes wrong.
    public enum Moment: Sendable, Hashable {
        /// Nothing happened.
        case before
        /// It happened, but the answer was lost.
        case after
        /// No answer ever comes: the call ends only when it is cancelled.
        case never
    }
}

/// What a fake provider can be slow at, or fail at.
public enum FakeOperation: String, Sendable, Hashable, CaseIterable {
    /// To pull an image.
    case pull
    /// To make a machine.
    case create
    /// To start it.
    case start
    /// From running to reachable.
    case probe
    /// To run a job.
    case job
    /// To remove a topology.
    case destroy
    /// To list what there is.
    case inventory
}

/// A run of a job at a fake provider, as its script sees it.
public struct FakeRun: Sendable {
    /// What is run.
    public var job: Job
    /// Where it runs, as it is at that moment.
    public var topology: FakeTopology
}

/// How a scripted run of a job goes.
public enum FakeOutcome: Sendable, Hashable {
    /// It ends, with this result.
    case ends(JobResult)
    /// It prints this, and goes on until its deadline or its cancellation.
    case hangs(printing: String)
}

/// What becomes of a scripted machine after its start.
public enum FakeMachine: Sendable {
    /// All its probes pass.
    case ready
    /// It runs, and its probes never pass: this error is thrown when the wait is over.
    case neverReady(AntidoteError, after: Duration)
    /// Its process ends.
    case ends(AntidoteError)
}

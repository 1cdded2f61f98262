public import AntidoteCore

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

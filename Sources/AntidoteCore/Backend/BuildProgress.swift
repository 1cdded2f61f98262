/// How far something has come: for the learner's eyes, never for decisions.
///
/// Not exhaustive: later releases add cases. It stays within the process; only ``ProgressSnapshot`` goes over the bus.
public enum BuildProgress: Sendable, Hashable, Codable {
    /// An endpoint, by its name, has come that far.
    case endpoint(String, EndpointProgress)
    /// A run of a repeating job ended.
    case jobExited(JobID, JobResult)
    /// A sentence for people.
    case note(String)
}

/// The way of one endpoint to its learner.
///
/// Not exhaustive: later releases add steps. A ``ProgressSnapshot`` with an unknown one does not decode: readers of the
/// bus skip it, and the next one replaces it.
public enum EndpointProgress: Sendable, Hashable, Codable {
    /// Others come first.
    case waiting
    /// Bytes so far, and in all where the registry says.
    case pulling(done: Int64, total: Int64?)
    /// Its machine is being made.
    case starting
    /// Its process runs; its ports may not answer yet.
    case running
    /// All its probes have passed.
    case reachable
    /// A job configures it.
    case configuring
    /// It is configured for its revision.
    case configured
    /// It died and is replaced.
    case restarting(reason: String)
}

/// Takes progress from a backend. Reporting never blocks and never fails.
public struct ProgressReporter: Sendable {
    private let send: @Sendable (BuildProgress) -> Void

    /// Reports to `send`, which must neither block nor fail.
    public init(_ send: @escaping @Sendable (BuildProgress) -> Void) { self.send = send }

    /// Tells how far something has come.
    public func report(_ progress: BuildProgress) { send(progress) }

    /// Tells how far the endpoint of that name has come.
    public func report(_ endpoint: String, _ progress: EndpointProgress) { send(.endpoint(endpoint, progress)) }

    /// Drops everything.
    public static let none = ProgressReporter { _ in }
}

/// How far the endpoints of an environment are: a latest value, never a history.
public struct ProgressSnapshot: Sendable, Hashable, Codable {
    /// What it is the progress of.
    public var environment: EnvironmentID
    /// How far each endpoint has come, by its name.
    public var endpoints: [String: EndpointProgress]
    /// The last sentence for people.
    public var note: String?

    package init(environment: EnvironmentID, endpoints: [String: EndpointProgress] = [:], note: String? = nil) {
        self.environment = environment
        self.endpoints = endpoints
        self.note = note
    }

    mutating func note(_ progress: BuildProgress) {
        switch progress {
        case .endpoint(let name, let state): endpoints[name] = state
        case .note(let sentence): note = sentence
        case .jobExited: break
        }
    }
}

/// The unit that is scheduled: somebody wants a topology of some source and revision, and a backend keeps it running.
///
/// A value: one row of the state store. What is wanted (``generation``, ``revision``, ``wanted``) is changed by
/// requests; what is (``phase``, ``incarnation``, ``provisioned`` …) only by the holder of the ``lease``.
public struct Environment: Sendable, Hashable, Codable {
    public let id: EnvironmentID
    public let owner: OwnerID
    public let source: EnvironmentSource
    public let backend: BackendID
    /// Of everyone who waits, the lowest ticket is served first.
    public let ticket: Int64
    public let createdAt: Timestamp
    /// How long it may be idle before it is taken away. `nil`: for ever.
    public var idleLimit: Duration?
    /// Exempt from every expiry.
    public var isPersistent: Bool
    public var tags: [String: String]
    /// W3C trace context of the request, so that the work continues its trace.
    public var traceContext: [String: String]

    // What is wanted.

    /// Counts the changes of what is wanted, beginning with 1.
    public internal(set) var generation: Int
    /// For a lesson: its stage.
    public internal(set) var revision: Int
    public internal(set) var wanted: Wanted

    // What is.

    public internal(set) var phase: Phase
    public internal(set) var phaseSince: Timestamp
    /// The last incarnation that was begun; 0 before the first.
    public internal(set) var incarnation: Int
    /// All incarnations up to this one are given up, and are never adopted again.
    public internal(set) var deadThrough: Int
    /// All incarnations up to this one are gone from the provider.
    public internal(set) var destroyedThrough: Int
    /// The generation that the provider was last made to match.
    public internal(set) var builtGeneration: Int
    /// The generation whose configuration is done.
    public internal(set) var observedGeneration: Int
    /// A machine was made since the last configuration.
    public internal(set) var mustConfigure: Bool
    public internal(set) var provisioned: ProvisionedTopology?
    /// Endpoints that were reported dead and wait for repair.
    /// One that died again during its repair is there twice.
    public internal(set) var troubled: [String]
    /// Nothing of its incarnation was found at the provider.
    public internal(set) var hasVanished: Bool
    /// How often each endpoint was replaced.
    public internal(set) var restarts: [String: Int]
    /// Failed attempts of the present generation.
    public internal(set) var attempts: Int
    /// Those of them that a job failed in: so often its stored result counts for nothing.
    public internal(set) var jobFailures: Int
    /// Claims since the last change of phase: more than a few mean that its workers die of it.
    public internal(set) var claims: Int
    public internal(set) var failure: Failure?
    public internal(set) var lastActivityAt: Timestamp
    /// Nothing is due before this.
    public internal(set) var notBefore: Timestamp?
    public internal(set) var lease: Lease?
    /// The highest fence that was ever given out for this row.
    public internal(set) var fence: Fence
    /// How many durable events it has.
    public internal(set) var eventCount: Int64

    public enum Wanted: String, Sendable, Hashable, Codable {
        case present
        case absent
    }
}

/// What a provider shows to be amiss with a built environment.
public enum Trouble: Sendable, Hashable {
    /// These endpoints are not running any more.
    case dead([String])
    /// Nothing of it is there.
    case vanished
}

/// The right of one worker to change a row, for a while.
public struct Lease: Sendable, Hashable, Codable {
    public var worker: WorkerID
    public var fence: Fence
    /// By the store's clock.
    public var endsAt: Timestamp

    public init(worker: WorkerID, fence: Fence, endsAt: Timestamp) {
        self.worker = worker
        self.fence = fence
        self.endsAt = endsAt
    }
}

/// Why an environment failed, for its learner and its operator.
public struct Failure: Sendable, Hashable, Codable {
    public var code: AntidoteError.Code
    public var message: String
    public var advice: String?
    public var place: String?
    public var logTail: String?
    public var at: Timestamp
    /// When the row is over that keeps it.
    public var keptUntil: Timestamp

    public init(_ error: AntidoteError, at: Timestamp, keptUntil: Timestamp) {
        code = error.code
        message = error.message
        advice = error.advice
        place = error.place
        logTail = error.logTail
        self.at = at
        self.keptUntil = keptUntil
    }

    /// The failure as the error that it was.
    public var error: AntidoteError {
        AntidoteError(code, message, advice: advice, place: place, logTail: logTail, disposition: .permanent)
    }
}

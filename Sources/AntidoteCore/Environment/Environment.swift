/// The unit that is scheduled: somebody wants a topology of some source and revision, and a backend keeps it running.
///
/// A value: one row of the state store. What is wanted (``generation``, ``revision``, ``wanted``) is changed by
/// requests; what is (``phase``, ``incarnation``, ``provisioned`` …) only by the holder of the ``lease``.
public struct Environment: Sendable, Hashable, Codable {
    /// Unique in the store, and part of every name at the provider.
    public let id: EnvironmentID
    /// Who asked for it.
    public let owner: OwnerID
    /// What it is made from.
    public let source: EnvironmentSource
    /// The backend that builds it.
    public let backend: BackendID
    /// Of everyone who waits, the lowest ticket is served first.
    public let ticket: Int64
    /// By the store's clock.
    public let createdAt: Timestamp
    /// How long it may be idle before it is taken away. `nil`: for ever.
    public var idleLimit: Duration?
    /// When the session of its owner is over, and it with that. `nil`: never.
    public package(set) var sessionEndsAt: Timestamp?
    /// Exempt from every expiry.
    public var isPersistent: Bool
    /// What whoever asked for it wrote on it. Not looked at.
    public var tags: [String: String]
    /// W3C trace context of the request, so that the work continues its trace.
    public var traceContext: [String: String]

    // What is wanted.

    /// Counts the changes of what is wanted, beginning with 1.
    public package(set) var generation: Int
    /// The desired revision, as the planner of its kind understands it.
    public package(set) var revision: Int
    /// Whether it is to be there at all.
    public package(set) var wanted: Wanted

    // What is.

    /// How far it has come.
    public package(set) var phase: Phase
    /// When it came to that phase, by the store's clock.
    public package(set) var phaseSince: Timestamp
    /// The last incarnation that was begun; 0 before the first.
    public package(set) var incarnation: Int
    /// All incarnations up to this one are given up, and are never adopted again.
    public package(set) var deadThrough: Int
    /// All incarnations up to this one are gone from the provider.
    public package(set) var destroyedThrough: Int
    /// The generation that the provider was last made to match.
    public package(set) var builtGeneration: Int
    /// The generation whose configuration is done.
    public package(set) var observedGeneration: Int
    /// A machine was made since the last configuration.
    public package(set) var mustConfigure: Bool
    /// What was built, once it is.
    public package(set) var provisioned: ProvisionedTopology?
    /// Endpoints that were reported dead and wait for repair.
    /// One that died again during its repair is there twice.
    public package(set) var troubled: [String]
    /// Nothing of its incarnation was found at the provider.
    public package(set) var hasVanished: Bool
    /// How often each endpoint was replaced.
    public package(set) var restarts: [String: Int]
    /// Failed attempts of the present generation.
    public package(set) var attempts: Int
    /// Those of them that a job failed in: so often its stored result counts for nothing.
    public package(set) var jobFailures: Int
    /// Claims since the last change of phase: more than a few mean that its workers die of it.
    public package(set) var claims: Int
    /// Why it failed last; `nil` where it did not.
    public package(set) var failure: Failure?
    /// When its owner last did something with it, by the store's clock.
    public package(set) var lastActivityAt: Timestamp
    /// Nothing is due before this.
    public package(set) var notBefore: Timestamp?
    /// The present right of a worker to change it; `nil` where none has it.
    public package(set) var lease: Lease?
    /// The highest fence that was ever given out for this row.
    public package(set) var fence: Fence
    /// How many durable events it has.
    public package(set) var eventCount: Int64

    /// Whether an environment is to be there.
    public enum Wanted: String, Sendable, Hashable, Codable {
        /// It is to be there.
        case present
        /// It is to be taken away.
        case absent
    }
}

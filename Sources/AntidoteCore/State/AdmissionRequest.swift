/// Somebody asks for an environment.
public struct AdmissionRequest: Sendable, Hashable {
    /// Who asks.
    public var owner: OwnerID
    /// Whether the owner must be a session that is not over. Otherwise it may be anybody, such as an embedder's user.
    public var requiresSession: Bool
    /// What it is to be made from.
    public var source: EnvironmentSource
    /// The desired revision.
    public var revision: Int
    /// The backend that is to build it.
    public var backend: BackendID
    /// How long it may be idle before it is taken away. `nil`: for ever.
    public var idleLimit: Duration?
    /// Whether it is exempt from every expiry.
    public var isPersistent: Bool
    /// W3C trace context of the request.
    public var traceContext: [String: String]

    public init(
        owner: OwnerID,
        requiresSession: Bool = false,
        source: EnvironmentSource,
        revision: Int = 0,
        backend: BackendID,
        idleLimit: Duration? = nil,
        isPersistent: Bool = false,
        traceContext: [String: String] = [:]
    ) {
        self.owner = owner
        self.requiresSession = requiresSession
        self.source = source
        self.revision = revision
        self.backend = backend
        self.idleLimit = idleLimit
        self.isPersistent = isPersistent
        self.traceContext = traceContext
    }
}

/// The answer to an admission.
public struct Admission: Sendable, Hashable {
    /// The row as it is now.
    public var environment: Environment
    /// Whether it was made now; otherwise the owner had it already.
    public var isNew: Bool
    /// Durable events that the caller publishes now.
    public var events: [EnvironmentEvent]
    /// The store's time of the answer.
    public var at: Timestamp

    public init(environment: Environment, isNew: Bool, events: [EnvironmentEvent], at time: Timestamp) {
        self.environment = environment
        self.isNew = isNew
        self.events = events
        at = time
    }
}

/// The answer to a change of revision.
public struct RevisionChange: Sendable, Hashable {
    /// The row as it is now.
    public var environment: Environment
    /// Durable events that the caller publishes now. None if that revision was wanted already.
    public var events: [EnvironmentEvent]

    public init(environment: Environment, events: [EnvironmentEvent]) {
        self.environment = environment
        self.events = events
    }
}

/// Somebody asks for an environment.
public struct AdmissionRequest: Sendable, Hashable {
    /// Who asks.
    public var owner: OwnerID
    /// What it is to be made from.
    public var source: EnvironmentSource
    /// The revision that is wanted; for a lesson its stage.
    public var revision: Int
    /// The backend that is to build it.
    public var backend: BackendID
    /// How long it may be idle before it is taken away. `nil`: for ever.
    public var idleLimit: Duration?
    /// Whether it is exempt from every expiry.
    public var isPersistent: Bool
    /// What the asker wants written on it. Not looked at.
    public var tags: [String: String]
    /// W3C trace context of the request.
    public var traceContext: [String: String]

    /// Takes its parts as they are.
    public init(
        owner: OwnerID,
        source: EnvironmentSource,
        revision: Int = 0,
        backend: BackendID,
        idleLimit: Duration? = nil,
        isPersistent: Bool = false,
        tags: [String: String] = [:],
        traceContext: [String: String] = [:]
    ) {
        self.owner = owner
        self.source = source
        self.revision = revision
        self.backend = backend
        self.idleLimit = idleLimit
        self.isPersistent = isPersistent
        self.tags = tags
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

    /// Takes its parts as they are.
    public init(environment: Environment, isNew: Bool, events: [EnvironmentEvent]) {
        self.environment = environment
        self.isNew = isNew
        self.events = events
    }
}

/// The answer to a change of revision.
public struct RevisionChange: Sendable, Hashable {
    /// The row as it is now.
    public var environment: Environment
    /// Durable events that the caller publishes now. None if that revision was wanted already.
    public var events: [EnvironmentEvent]

    /// Takes its parts as they are.
    public init(environment: Environment, events: [EnvironmentEvent]) {
        self.environment = environment
        self.events = events
    }
}

/// How many environments there may be. `nil`: as many as like.
public struct AdmissionLimits: Sendable, Hashable, Codable {
    /// Of one owner at once.
    public var perOwner: Int?
    /// Of one source at once.
    public var perSource: Int?
    /// On one backend at once.
    public var perBackend: Int?
    /// At once in all.
    public var perInstance: Int?
    /// How many may wait.
    public var queueLength: Int?

    /// Takes its parts as they are.
    public init(
        perOwner: Int? = nil,
        perSource: Int? = nil,
        perBackend: Int? = nil,
        perInstance: Int? = nil,
        queueLength: Int? = nil
    ) {
        self.perOwner = perOwner
        self.perSource = perSource
        self.perBackend = perBackend
        self.perInstance = perInstance
        self.queueLength = queueLength
    }
}

/// Which rows to list. Everything that is `nil` does not matter.
public struct EnvironmentFilter: Sendable, Hashable {
    /// Those of this owner.
    public var owner: OwnerID?
    /// Those on this backend.
    public var backend: BackendID?
    /// Those in one of these phases. `nil`: all that are not closed.
    public var phases: Set<Phase>?

    /// Takes its parts as they are.
    public init(owner: OwnerID? = nil, backend: BackendID? = nil, phases: Set<Phase>? = nil) {
        self.owner = owner
        self.backend = backend
        self.phases = phases
    }

    /// Whether `row` is to be listed.
    public func accepts(_ row: Environment) -> Bool {
        (owner ?? row.owner) == row.owner && (backend ?? row.backend) == row.backend
            && (phases?.contains(row.phase) ?? (row.phase != .closed))
    }
}

/// Somebody asks for an environment.
public struct AdmissionRequest: Sendable, Hashable {
    public var owner: OwnerID
    public var source: EnvironmentSource
    public var revision: Int
    public var backend: BackendID
    public var idleLimit: Duration?
    public var isPersistent: Bool
    public var tags: [String: String]
    public var traceContext: [String: String]

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
    public var environment: Environment
    /// Whether it was made now; otherwise the owner had it already.
    public var isNew: Bool
    /// Durable events that the caller publishes now.
    public var events: [EnvironmentEvent]

    public init(environment: Environment, isNew: Bool, events: [EnvironmentEvent]) {
        self.environment = environment
        self.isNew = isNew
        self.events = events
    }
}

/// The answer to a change of revision.
public struct RevisionChange: Sendable, Hashable {
    public var environment: Environment
    /// Durable events that the caller publishes now. None if that revision was wanted already.
    public var events: [EnvironmentEvent]

    public init(environment: Environment, events: [EnvironmentEvent]) {
        self.environment = environment
        self.events = events
    }
}

/// How many environments there may be. `nil`: as many as like.
public struct AdmissionLimits: Sendable, Hashable, Codable {
    public var perOwner: Int?
    /// Of one source at once.
    public var perSource: Int?
    public var perBackend: Int?
    public var perInstance: Int?
    /// How many may wait.
    public var queueLength: Int?

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
    public var owner: OwnerID?
    public var backend: BackendID?
    public var phases: Set<Phase>?

    public init(owner: OwnerID? = nil, backend: BackendID? = nil, phases: Set<Phase>? = nil) {
        self.owner = owner
        self.backend = backend
        self.phases = phases
    }

    public func accepts(_ row: Environment) -> Bool {
        (owner ?? row.owner) == row.owner && (backend ?? row.backend) == row.backend
            && (phases?.contains(row.phase) ?? (row.phase != .closed))
    }
}

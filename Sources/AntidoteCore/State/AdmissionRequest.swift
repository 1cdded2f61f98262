/// Somebody asks for an environment.
public struct AdmissionRequest: Sendable, Hashable {
    /// Who asks.
    @_spi(StoreKit) public var owner: OwnerID
    /// Whether the owner must be a session that is not over. Otherwise it may be anybody, such as an embedder's user.
    @_spi(StoreKit) public var requiresSession: Bool
    /// What it is to be made from.
    @_spi(StoreKit) public var source: EnvironmentSource
    /// The desired revision.
    @_spi(StoreKit) public var revision: Int
    /// The backend that is to build it.
    @_spi(StoreKit) public var backend: BackendID
    /// How long it may be idle before it is taken away. `nil`: for ever.
    @_spi(StoreKit) public var idleLimit: Duration?
    /// Whether it is exempt from every expiry.
    @_spi(StoreKit) public var isPersistent: Bool
    /// W3C trace context of the request.
    @_spi(StoreKit) public var traceContext: [String: String]

    package init(
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
package struct Admission: Sendable, Hashable {
    /// The row as it is now.
    package var environment: Environment
    /// Whether it was made now; otherwise the owner had it already.
    package var isNew: Bool
    /// Durable events that the caller publishes now.
    package var events: [EnvironmentEvent]
    /// The store's time of the answer.
    package var at: Timestamp

    package init(environment: Environment, isNew: Bool, events: [EnvironmentEvent], at time: Timestamp) {
        self.environment = environment
        self.isNew = isNew
        self.events = events
        at = time
    }
}

/// The answer to a change of revision.
package struct RevisionChange: Sendable, Hashable {
    /// The row as it is now.
    package var environment: Environment
    /// Durable events that the caller publishes now. None if that revision was wanted already.
    package var events: [EnvironmentEvent]

    package init(environment: Environment, events: [EnvironmentEvent]) {
        self.environment = environment
        self.events = events
    }
}

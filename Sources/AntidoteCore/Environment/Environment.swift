/// The unit that is scheduled: an owner asked for a topology of some source and revision, and a backend keeps it running.
///
/// A value: one row of the state store. What is wanted is in ``desired`` and changed by requests; what was built is in
/// ``observed`` and changed only by the worker that holds the ``lease``. ``Lifecycle`` decides what happens next.
public struct Environment: Sendable, Hashable, Codable {
    /// Unique in the store, and part of every name at the provider.
    public let id: EnvironmentID
    /// Its place in the queue: of all queued environments, the lowest ticket is served first.
    public let ticket: Int64
    /// When it was admitted, by the store's clock.
    public let createdAt: Timestamp
    /// What its owner asked for. Never changes.
    public let request: Request
    /// What is wanted now.
    public package(set) var desired: Desired
    /// What the workers have built and recorded.
    public package(set) var observed: Observed
    /// What failed so far, and when to try again.
    public package(set) var attempts: Attempts
    /// The right of the worker that holds it; `nil` while no worker does.
    public package(set) var lease: Lease?
    /// The highest fence that was ever given out for this row.
    public package(set) var fence: Fence
    /// How many durable events it has.
    public package(set) var eventCount: Int64

    /// Who asked for which source on which backend.
    public struct Request: Sendable, Hashable, Codable {
        /// Who asked for it.
        public let owner: OwnerID
        /// What it is made from.
        public let source: EnvironmentSource
        /// The backend that builds it.
        public let backend: BackendID
        /// How long it may be idle before it expires. `nil`: it never expires for being idle.
        public let idleLimit: Duration?
        /// W3C trace context of the request, so that the work continues its trace.
        public let traceContext: [String: String]
    }

    /// What is wanted, and for how long.
    public struct Desired: Sendable, Hashable, Codable {
        /// Counts the changes of what is wanted, from 1.
        public package(set) var generation = 1
        /// The wanted revision of the source.
        public package(set) var revision: Int
        /// Whether the environment is to exist.
        public package(set) var wanted = Wanted.present
        /// When its owner's session ends, and the environment with it. `nil`: never.
        public package(set) var sessionEndsAt: Timestamp?
        /// Exempt from every expiry.
        public package(set) var isPersistent: Bool
        /// When its owner last used it, by the store's clock.
        public package(set) var lastActivityAt: Timestamp
    }

    /// Whether an environment is to exist.
    public enum Wanted: String, Sendable, Hashable, Codable {
        /// It is to exist.
        case present
        /// It is to be removed.
        case absent
    }

    /// What was built, as its workers recorded it.
    public struct Observed: Sendable, Hashable, Codable {
        /// How far it has come.
        public package(set) var phase = Phase.queued
        /// When it entered that phase, by the store's clock.
        public package(set) var phaseSince: Timestamp
        /// The last incarnation that was begun; 0 before the first.
        public package(set) var incarnation = 0
        /// All incarnations up to this one are abandoned, and never adopted again.
        public package(set) var deadThrough = 0
        /// All incarnations up to this one are removed from the provider.
        public package(set) var destroyedThrough = 0
        /// The generation that the provider was last made to match.
        public package(set) var builtGeneration = 0
        /// The generation whose configuration is done.
        public package(set) var observedGeneration = 0
        /// A machine was made since the last configuration.
        public package(set) var mustConfigure = false
        /// What was built, once it is.
        public package(set) var provisioned: ProvisionedTopology?
        /// Endpoints that were reported dead and await repair. One that died again during its repair is listed twice.
        public package(set) var troubled: [String] = []
        /// Nothing of its incarnation was found at the provider.
        public package(set) var hasVanished = false
        /// Why it failed last; `nil` if it did not.
        public package(set) var failure: Failure?

        /// Whether there is an incarnation that may be adopted.
        public var hasLiveIncarnation: Bool { incarnation > deadThrough }
    }

    /// What failed so far.
    public struct Attempts: Sendable, Hashable, Codable {
        /// Failed attempts of the present generation.
        public package(set) var count = 0
        /// How many of them failed in a job: so many stored results of that job are not reused.
        public package(set) var jobFailures = 0
        /// Claims since the last change of phase: many of them mean that workers crash on this environment.
        public package(set) var claims = 0
        /// How often each endpoint was replaced.
        public package(set) var restarts: [String: Int] = [:]
        /// Nothing is due before this.
        public package(set) var notBefore: Timestamp?
    }

    /// A new row for `request`, queued. It lives no longer than `session`, if its owner has one.
    public init(
        admitting request: AdmissionRequest,
        of session: LiveSession? = nil,
        id: EnvironmentID,
        ticket: Int64,
        now: Timestamp
    ) {
        self.id = id
        self.ticket = ticket
        createdAt = now
        self.request = Request(
            owner: request.owner,
            source: request.source,
            backend: request.backend,
            idleLimit: request.idleLimit,
            traceContext: request.traceContext
        )
        desired = Desired(
            revision: request.revision,
            sessionEndsAt: session?.endsAt,
            isPersistent: request.isPersistent || session?.isPersistent == true,
            lastActivityAt: now
        )
        observed = Observed(phaseSince: now)
        attempts = Attempts()
        lease = nil
        fence = Fence(0)
        eventCount = 0
    }
}

// MARK: - What readers ask for most

extension Environment {
    /// Who asked for it.
    public var owner: OwnerID { request.owner }
    /// What it is made from.
    public var source: EnvironmentSource { request.source }
    /// The backend that builds it.
    public var backend: BackendID { request.backend }
    /// Counts the changes of what is wanted, from 1.
    public var generation: Int { desired.generation }
    /// The wanted revision of the source.
    public var revision: Int { desired.revision }
    /// Whether the environment is to exist.
    public var wanted: Wanted { desired.wanted }
    /// How far it has come.
    public var phase: Phase { observed.phase }
    /// When it entered that phase, by the store's clock.
    public var phaseSince: Timestamp { observed.phaseSince }
    /// The last incarnation that was begun; 0 before the first.
    public var incarnation: Int { observed.incarnation }
    /// What was built, once it is.
    public var provisioned: ProvisionedTopology? { observed.provisioned }
    /// Why it failed last; `nil` if it did not.
    public var failure: Failure? { observed.failure }

    /// The identity of its present incarnation at the provider.
    public func topologyID(instance: InstanceID, store: StoreID) -> TopologyID {
        TopologyID(instance: instance, store: store, environment: id, incarnation: incarnation)
    }

    /// When it is removed because it is idle or its owner's session ended. `nil`: never.
    public var expiresAt: Timestamp? {
        guard !desired.isPersistent, wanted == .present, phase != .failed else { return nil }
        let idle = request.idleLimit.map { desired.lastActivityAt + $0 }
        guard let idle, let end = desired.sessionEndsAt else { return idle ?? desired.sessionEndsAt }
        return min(idle, end)
    }
}

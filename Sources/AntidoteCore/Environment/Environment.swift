/// The unit that is scheduled: an owner asked for a topology of some source and revision, and a backend keeps it running.
///
/// A value: one row of the state store. What is wanted is in `desired` and changed by requests; what was built is in
/// `observed` and changed only by the worker that holds the `lease`. `Lifecycle` decides what happens next.
public struct Environment: Sendable, Hashable, Codable {
    /// Unique in the store, and part of every name at the provider.
    public let id: EnvironmentID
    /// Its place in the queue: of all queued environments, the lowest ticket is served first.
    public let ticket: Int64
    /// When it was admitted, by the store's clock.
    public let createdAt: Timestamp
    /// What its owner asked for. Never changes.
    package let request: Request
    /// What is wanted now.
    package var desired: Desired
    /// What the workers have built and recorded.
    package var observed: Observed
    /// What failed so far, and when to try again.
    package var attempts: Attempts
    /// The right of the worker that holds it; `nil` while no worker does.
    @_spi(StoreKit) public package(set) var lease: Lease?
    /// The highest fence that was ever given out for this row.
    package var fence: Fence
    /// How many durable events it has.
    package var eventCount: Int64

    /// Who asked for which source on which backend.
    package struct Request: Sendable, Hashable, Codable {
        /// Who asked for it.
        package let owner: OwnerID
        /// What it is made from.
        package let source: EnvironmentSource
        /// The backend that builds it.
        package let backend: BackendID
        /// How long it may be idle before it expires. `nil`: it never expires for being idle.
        package let idleLimit: Duration?
        /// W3C trace context of the request, so that the work continues its trace.
        package let traceContext: [String: String]
    }

    /// What is wanted, and for how long.
    package struct Desired: Sendable, Hashable, Codable {
        /// Counts the changes of what is wanted, from 1.
        package var generation = 1
        /// The wanted revision of the source.
        package var revision: Int
        /// Whether the environment is to exist.
        package var wanted = Wanted.present
        /// When its owner's session ends, and the environment with it. `nil`: never.
        package var sessionEndsAt: Timestamp?
        /// Exempt from every expiry.
        package var isPersistent: Bool
        /// When its owner last used it, by the store's clock.
        package var lastActivityAt: Timestamp
    }

    /// Whether an environment is to exist.
    package enum Wanted: String, Sendable, Hashable, Codable {
        /// It is to exist.
        case present
        /// It is to be removed.
        case absent
    }

    /// What was built, as its workers recorded it.
    package struct Observed: Sendable, Hashable, Codable {
        /// How far it has come.
        package var phase = Phase.queued
        /// When it entered that phase, by the store's clock.
        package var phaseSince: Timestamp
        /// The last incarnation that was begun; 0 before the first.
        package var incarnation = 0
        /// All incarnations up to this one are abandoned, and never adopted again.
        package var deadThrough = 0
        /// All incarnations up to this one are removed from the provider.
        package var destroyedThrough = 0
        /// The generation that the provider was last made to match.
        package var builtGeneration = 0
        /// The generation whose configuration is done.
        package var observedGeneration = 0
        /// A machine was made since the last configuration.
        package var mustConfigure = false
        /// What was built, once it is.
        package var provisioned: ProvisionedTopology?
        /// Endpoints that were reported dead and await repair. One that died again during its repair is listed twice.
        package var troubled: [String] = []
        /// Nothing of its incarnation was found at the provider.
        package var hasVanished = false
        /// Why it failed last; `nil` if it did not.
        package var failure: Failure?

        /// Whether there is an incarnation that may be adopted.
        package var hasLiveIncarnation: Bool { incarnation > deadThrough }
    }

    /// What failed so far.
    package struct Attempts: Sendable, Hashable, Codable {
        /// Failed attempts of the present generation.
        package var count = 0
        /// How many of them failed in a job: so many stored results of that job are not reused.
        package var jobFailures = 0
        /// Claims since the last change of phase: many of them mean that workers crash on this environment.
        package var claims = 0
        /// How often each endpoint was replaced.
        package var restarts: [String: Int] = [:]
        /// Nothing is due before this.
        package var notBefore: Timestamp?
    }

    /// A new row for `request`, queued. It lives no longer than `session`, if its owner has one.
    package init(
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
    package var generation: Int { desired.generation }
    /// The wanted revision of the source.
    public var revision: Int { desired.revision }
    /// Whether the environment is to exist.
    package var wanted: Wanted { desired.wanted }
    /// How far it has come.
    public var phase: Phase { observed.phase }
    /// When it entered that phase, by the store's clock.
    @_spi(StoreKit) public var phaseSince: Timestamp { observed.phaseSince }
    /// The last incarnation that was begun; 0 before the first.
    package var incarnation: Int { observed.incarnation }
    /// What was built, once it is.
    public var provisioned: ProvisionedTopology? { observed.provisioned }
    /// Why it failed last; `nil` if it did not.
    public var failure: Failure? { observed.failure }

    /// The identity of its present incarnation at the provider.
    package func topologyID(instance: InstanceID, store: StoreID) -> TopologyID {
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

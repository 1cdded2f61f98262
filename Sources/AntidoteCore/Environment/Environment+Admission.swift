extension Environment {
    /// A new row for `request`, waiting in the queue. It lives no longer than `session`, if its owner has one.
    public init(
        admitting request: AdmissionRequest,
        of session: LiveSession? = nil,
        id: EnvironmentID,
        ticket: Int64,
        now: Timestamp
    ) {
        self.id = id
        owner = request.owner
        source = request.source
        backend = request.backend
        self.ticket = ticket
        createdAt = now
        idleLimit = request.idleLimit
        sessionEndsAt = session?.endsAt
        isPersistent = request.isPersistent || session?.isPersistent == true
        tags = request.tags
        traceContext = request.traceContext
        generation = 1
        revision = request.revision
        wanted = .present
        phase = .queued
        phaseSince = now
        incarnation = 0
        deadThrough = 0
        destroyedThrough = 0
        builtGeneration = 0
        observedGeneration = 0
        mustConfigure = false
        provisioned = nil
        troubled = []
        hasVanished = false
        restarts = [:]
        attempts = 0
        jobFailures = 0
        claims = 0
        failure = nil
        lastActivityAt = now
        notBefore = nil
        lease = nil
        fence = Fence(0)
        eventCount = 0
    }

    /// The identity of its present incarnation at the provider.
    public func topologyID(instance: InstanceID, store: StoreID) -> TopologyID {
        TopologyID(instance: instance, store: store, environment: id, incarnation: incarnation)
    }

    /// Whether there is an incarnation that may be adopted.
    public var hasLiveIncarnation: Bool { incarnation > deadThrough }

    /// Whether its infrastructure counts against the capacity.
    public var holdsCapacity: Bool {
        guard phase.isGranted else { return false }
        return switch phase {
        case .failed, .deleting: destroyedThrough < incarnation
        default: true
        }
    }

    /// When it is taken away because it is idle or its owner's session is over, if ever.
    public var expiresAt: Timestamp? {
        guard !isPersistent, wanted == .present, phase != .failed else { return nil }
        let idle = idleLimit.map { lastActivityAt + $0 }
        guard let idle, let sessionEndsAt else { return idle ?? sessionEndsAt }
        return min(idle, sessionEndsAt)
    }
}

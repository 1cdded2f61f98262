/// A worker asks for work.
public struct ClaimRequest: Sendable, Hashable {
    /// Who asks.
    public var worker: WorkerID
    /// For which kind of work.
    public var role: WorkerRole
    /// The backends that the worker can drive.
    public var backends: [BackendID]
    /// How many rows it takes at most.
    public var limit: Int
    /// How long it wants to have them.
    public var leaseDuration: Duration

    public init(worker: WorkerID, role: WorkerRole, backends: [BackendID], limit: Int, leaseDuration: Duration) {
        self.worker = worker
        self.role = role
        self.backends = backends
        self.limit = limit
        self.leaseDuration = leaseDuration
    }
}

/// A row under a lease.
public struct Claim: Sendable, Hashable {
    /// The row as it is now.
    public var environment: Environment
    /// The right to change it.
    public var lease: Lease
    /// The store's time of the claim.
    public var at: Timestamp
    /// The row's phase before it was claimed.
    public var phaseBefore: Phase
    /// The events of what was recorded with the claim, to publish.
    public var events: [EnvironmentEvent]

    public init(
        environment: Environment,
        lease: Lease,
        at: Timestamp,
        phaseBefore: Phase,
        events: [EnvironmentEvent] = []
    ) {
        self.environment = environment
        self.lease = lease
        self.at = at
        self.phaseBefore = phaseBefore
        self.events = events
    }
}

/// What a renewed lease brings to know.
public struct LeaseRenewal: Sendable, Hashable {
    /// The fence of the lease that was renewed.
    public var fence: Fence
    /// If it is newer than the one that is worked on, the work is for nothing.
    public var generation: Int

    public init(fence: Fence, generation: Int) {
        self.fence = fence
        self.generation = generation
    }
}

/// Changes of one row, recorded together or not at all.
public struct Commit: Sendable {
    /// The row.
    public var environment: EnvironmentID
    /// That of the lease under which it is changed.
    public var fence: Fence
    /// What changes, in order.
    public var changes: [EnvironmentChange]
    /// Whether the lease ends with it.
    public var releases: Bool

    public init(
        environment: EnvironmentID,
        fence: Fence,
        changes: [EnvironmentChange] = [],
        releases: Bool = false
    ) {
        self.environment = environment
        self.fence = fence
        self.changes = changes
        self.releases = releases
    }
}

/// The answer to a commit.
public enum CommitOutcome: Sendable, Hashable {
    /// The row as it is now, the events to publish, and the store's time.
    case committed(Environment, events: [EnvironmentEvent], at: Timestamp)
    /// The lease was over, or another claim was made. Nothing was written.
    case lost
}

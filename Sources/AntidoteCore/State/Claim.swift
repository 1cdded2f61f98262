/// A worker asks for work.
public struct ClaimRequest: Sendable, Hashable {
    public var worker: WorkerID
    public var role: WorkerRole
    public var backends: [BackendID]
    public var limit: Int
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
    public var environment: Environment
    public var lease: Lease
    /// The store's time of the claim.
    public var at: Timestamp

    public init(environment: Environment, lease: Lease, at: Timestamp) {
        self.environment = environment
        self.lease = lease
        self.at = at
    }
}

/// What a renewed lease brings to know.
public struct LeaseRenewal: Sendable, Hashable {
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
    public var environment: EnvironmentID
    public var fence: Fence
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

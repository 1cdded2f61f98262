/// A worker asks for work.
public struct ClaimRequest: Sendable, Hashable {
    /// Who asks.
    @_spi(StoreKit) public var worker: WorkerID
    /// For which kind of work.
    @_spi(StoreKit) public var role: WorkerRole
    /// The backends that the worker can drive.
    @_spi(StoreKit) public var backends: [BackendID]
    /// How many rows it takes at most.
    @_spi(StoreKit) public var limit: Int
    /// How long it wants to have them.
    @_spi(StoreKit) public var leaseDuration: Duration

    package init(worker: WorkerID, role: WorkerRole, backends: [BackendID], limit: Int, leaseDuration: Duration) {
        self.worker = worker
        self.role = role
        self.backends = backends
        self.limit = limit
        self.leaseDuration = leaseDuration
    }
}

/// A row under a lease.
package struct Claim: Sendable, Hashable {
    /// The row as it is now.
    package var environment: Environment
    /// The right to change it.
    package var lease: Lease
    /// The store's time of the claim.
    package var at: Timestamp
    /// The row's phase before it was claimed.
    package var phaseBefore: Phase
    /// The events of what was recorded with the claim, to publish.
    package var events: [EnvironmentEvent]

    package init(
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
    package var fence: Fence
    /// If it is newer than the one that is worked on, the work is for nothing.
    package var generation: Int

    @_spi(StoreKit) public init(fence: Fence, generation: Int) {
        self.fence = fence
        self.generation = generation
    }
}

/// Changes of one row, recorded together or not at all.
package struct Commit: Sendable {
    /// The row.
    package var environment: EnvironmentID
    /// That of the lease under which it is changed.
    package var fence: Fence
    /// What changes, in order.
    package var changes: [EnvironmentChange]
    /// Whether the lease ends with it.
    package var releases: Bool

    package init(
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
package enum CommitOutcome: Sendable, Hashable {
    /// The row as it is now, the events to publish, and the store's time.
    case committed(Environment, events: [EnvironmentEvent], at: Timestamp)
    /// The lease was over, or another claim was made. Nothing was written.
    case lost
}

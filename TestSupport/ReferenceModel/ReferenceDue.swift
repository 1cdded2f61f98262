@_spi(StoreKit) import AntidoteCore

/// Which role works on a row next, from when, and whether the row takes up capacity.
enum ReferenceDue {
    /// The role that can claim `row`, and from when. `nil`: no role can, as things stand.
    static func claim(of row: Environment) -> (role: WorkerRole, time: Timestamp)? {
        guard let (role, start) = work(on: row) else { return nil }
        let afterPause = row.attempts.notBefore ?? start
        let afterLease = row.lease?.endsAt ?? start
        return (role, max(start, afterPause, afterLease))
    }

    private static func work(on row: Environment) -> (WorkerRole, Timestamp)? {
        let since = row.observed.phaseSince
        switch (row.desired.wanted, row.observed.phase) {
        case (_, .closed): return nil
        case (.absent, _): return (.collector, since)
        // The scheduler removes the machines of a failed row. The collector closes the row when its time is up.
        case (.present, .failed) where hasLeftovers(row): return (.scheduler, since)
        case (.present, .failed): return (.collector, row.observed.failure?.keptUntil ?? since)
        // A queued row has no due time for the scheduler: capacity decides.
        case (.present, .queued): return expiry(of: row).map { (.collector, $0) }
        case (.present, .ready) where isDone(row): return expiry(of: row).map { (.collector, $0) }
        default: return (.scheduler, since)
        }
    }

    /// Everything that is wanted is built and configured, and no failure was reported.
    private static func isDone(_ row: Environment) -> Bool {
        let wanted = row.desired.generation
        let isCurrent = row.observed.builtGeneration == wanted && row.observed.observedGeneration == wanted
        let isHealthy = row.observed.troubled.isEmpty && !row.observed.hasVanished
        let isAlive = row.observed.incarnation > row.observed.deadThrough
        return isCurrent && isHealthy && isAlive && !row.observed.mustConfigure
    }

    /// When the row ends for being idle or with its session, whichever comes first. `nil`: never.
    static func expiry(of row: Environment) -> Timestamp? {
        if row.desired.isPersistent || row.desired.wanted == .absent || row.observed.phase == .failed { return nil }
        var ends: [Timestamp] = []
        if let limit = row.request.idleLimit { ends.append(row.desired.lastActivityAt + limit) }
        if let end = row.desired.sessionEndsAt { ends.append(end) }
        return ends.min()
    }

    /// Whether the row takes up capacity: from its grant until its machines are destroyed.
    static func holdsRoom(_ row: Environment) -> Bool {
        switch row.observed.phase {
        case .initialized, .booting, .configuration, .ready: true
        case .failed, .deleting: hasLeftovers(row)
        case .queued, .closed: false
        }
    }

    /// Whether machines of some incarnation may be left at the provider.
    private static func hasLeftovers(_ row: Environment) -> Bool {
        row.observed.destroyedThrough < row.observed.incarnation
    }
}

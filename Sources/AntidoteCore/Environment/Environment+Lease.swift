extension Environment {
    /// Gives the row to a worker. A queued row has been granted its room by then, and leaves the queue, unless it
    /// is taken to be removed.
    public mutating func take(_ request: ClaimRequest, now: Timestamp) {
        fence = Fence(fence.rawValue + 1)
        lease = Lease(worker: request.worker, fence: fence, endsAt: now + request.leaseDuration)
        if phase == .queued, request.role == .scheduler {
            phase = .initialized
            phaseSince = now
            claims = 0
        }
        claims += 1
    }

    /// Applies all changes of a commit whose fence was checked.
    public mutating func record(_ commit: Commit, now: Timestamp) -> [EnvironmentEvent.Kind] {
        var kinds: [EnvironmentEvent.Kind] = []
        for change in commit.changes { kinds += apply(change, now: now) }
        if commit.releases { lease = nil }
        return kinds
    }
}

extension Environment {
    /// From when on a worker of `role` has something to do here. `nil`: never, as things stand.
    ///
    /// Capacity is not looked at: a queued row is due as soon as it waits.
    public func dueTime(for role: WorkerRole) -> Timestamp? {
        if phase == .queued, wanted == .present {
            guard let moment = role == .collector ? expiresAt : createdAt else { return nil }
            return max(moment, lease?.endsAt ?? moment)
        }
        guard let (responsible, moment) = nextWork, responsible == role else { return nil }
        return max(moment, max(lease?.endsAt ?? moment, notBefore ?? moment))
    }

    /// Which role has the next work here, now or later, of those who can hold its lease: a queued row leaves the queue
    /// when a scheduler takes it, so that only a collector ever holds one.
    var responsibleRole: WorkerRole? { phase == .queued && wanted == .present ? .collector : nextWork?.0 }

    private var nextWork: (WorkerRole, Timestamp)? {
        if phase == .closed { return nil }
        if wanted == .absent { return (.collector, phaseSince) }
        if phase == .failed {
            if destroyedThrough < incarnation { return (.scheduler, phaseSince) }
            return (.collector, failure?.keptUntil ?? phaseSince)
        }
        let settled =
            phase == .ready && builtGeneration == generation && observedGeneration == generation && troubled.isEmpty
            && !hasVanished && !mustConfigure && hasLiveIncarnation
        if !settled { return (.scheduler, phaseSince) }
        return expiresAt.map { (.collector, $0) }
    }
}

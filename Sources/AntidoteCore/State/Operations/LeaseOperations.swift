/// Takes due environments under a lease, and grants capacity to queued ones in the order of their tickets.
package struct ClaimWork: StoreOperation {
    package typealias Record = @Sendable (Environment, Timestamp) -> [EnvironmentChange]

    package let request: ClaimRequest
    /// What is recorded of an environment as it was claimed, at the store's time.
    package let record: Record

    package init(_ request: ClaimRequest, recording record: @escaping Record) {
        self.request = request
        self.record = record
    }

    package var needs: StoreNeeds { .work(request) }

    /// Of each backend in turn: first what is due, then what waits for capacity.
    package func decide(_ set: inout WorkingSet) -> [Claim] {
        var claims: [Claim] = []
        var visited: Set<EnvironmentID> = []
        for backend in request.backends {
            for id in set.due + set.queued where set[id]?.backend == backend && claims.count < request.limit {
                guard visited.insert(id).inserted else { continue }
                let needsCapacity = request.role == .scheduler && set[id]?.phase.awaitsCapacity == true
                guard !needsCapacity || set.hasCapacity(for: id) else { continue }
                if let claim = claim(id, in: &set) { claims.append(claim) }
            }
        }
        return claims
    }

    private func claim(_ id: EnvironmentID, in set: inout WorkingSet) -> Claim? {
        let now = set.now
        guard let before = set[id]?.phase else { return nil }
        let taken = set.update(id) {
            $0.take(request, now: now)
            return []
        }
        guard let taken = taken?.row, let lease = taken.lease else { return nil }
        let changes = record(taken, now)
        guard !changes.isEmpty else { return Claim(environment: taken, lease: lease, at: now, phaseBefore: before) }
        let commit = Commit(environment: id, fence: lease.fence, changes: changes)
        let recorded = set.update(id, under: lease.fence) { $0.record(commit, now: now) }
        return Claim(
            environment: recorded?.row ?? taken,
            lease: lease,
            at: now,
            phaseBefore: before,
            events: recorded?.events ?? []
        )
    }
}

/// Records changes, each under its own lease.
package struct CommitChanges: StoreOperation {
    package let commits: [Commit]

    package init(_ commits: [Commit]) { self.commits = commits }

    package var needs: StoreNeeds { .environments(commits.map(\.environment)) }

    package func decide(_ set: inout WorkingSet) -> [CommitOutcome] {
        let now = set.now
        return commits.map { commit in
            guard set[commit.environment]?.isHeld(under: commit.fence, at: now) == true,
                let (row, events) = set.update(
                    commit.environment,
                    under: commit.fence,
                    { $0.record(commit, now: now) }
                )
            else { return .lost }
            return .committed(row, events: events, at: now)
        }
    }
}

/// Prolongs leases that are still held. The answer has none for a lease that was lost.
package struct RenewLeases: StoreOperation {
    package let held: [EnvironmentID: Fence]
    package let duration: Duration

    package init(_ held: [EnvironmentID: Fence], for duration: Duration) {
        self.held = held
        self.duration = duration
    }

    package var needs: StoreNeeds { .environments(held.keys.sorted()) }

    package func decide(_ set: inout WorkingSet) -> [EnvironmentID: LeaseRenewal] {
        let now = set.now
        var renewals: [EnvironmentID: LeaseRenewal] = [:]
        for (id, fence) in held.sorted(by: { $0.key < $1.key }) where set[id]?.isHeld(under: fence, at: now) == true {
            let renewed = set.update(id) {
                $0.lease?.endsAt = now + duration
                return []
            }
            renewals[id] = renewed.map { LeaseRenewal(fence: fence, generation: $0.row.generation) }
        }
        return renewals
    }
}

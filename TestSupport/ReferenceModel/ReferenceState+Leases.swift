@_spi(StoreKit) import AntidoteCore

extension ReferenceState {
    /// Claims the due rows of each backend, then its queued rows, one by one. Every step scans all rows again.
    mutating func claim(
        _ request: ClaimRequest,
        recording changes: (Environment, Timestamp) -> [EnvironmentChange],
        at now: Timestamp
    ) -> [Claim] {
        var claims: [Claim] = []
        for backend in request.backends {
            while claims.count < request.limit {
                let queued = request.role == .scheduler ? grantable(on: backend, at: now) : nil
                guard let index = due(request.role, on: backend, at: now) ?? queued else { break }
                claims.append(claim(rowAt: index, request, changes, now))
            }
        }
        return claims
    }

    private mutating func claim(
        rowAt index: Int,
        _ request: ClaimRequest,
        _ changes: (Environment, Timestamp) -> [EnvironmentChange],
        _ now: Timestamp
    ) -> Claim {
        let phaseBefore = rows[index].observed.phase
        let fence = Fence(rows[index].fence.rawValue + 1)
        let lease = Lease(worker: request.worker, fence: fence, endsAt: now + request.leaseDuration)
        rows[index].fence = fence
        rows[index].lease = lease
        rows[index].attempts.claims += 1
        if phaseBefore == .queued, request.role == .scheduler {
            rows[index].observed.phase = .initialized
            rows[index].observed.phaseSince = now
            rows[index].attempts.claims = 1
        }
        let events = makeChanges(changes(rows[index], now), ofRowAt: index, now)
        return Claim(environment: rows[index], lease: lease, at: now, phaseBefore: phaseBefore, events: events)
    }

    mutating func commit(_ commit: Commit, at now: Timestamp) -> CommitOutcome {
        guard let index = index(of: commit.environment, leasedUnder: commit.fence, at: now) else { return .lost }
        let events = makeChanges(commit.changes, ofRowAt: index, now)
        if commit.releases { rows[index].lease = nil }
        return .committed(rows[index], events: events, at: now)
    }

    mutating func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration,
        at now: Timestamp
    ) -> [EnvironmentID: LeaseRenewal] {
        var renewals: [EnvironmentID: LeaseRenewal] = [:]
        for (id, fence) in held {
            guard let index = index(of: id, leasedUnder: fence, at: now) else { continue }
            rows[index].lease?.endsAt = now + duration
            renewals[id] = LeaseRenewal(fence: fence, generation: rows[index].desired.generation)
        }
        return renewals
    }

    /// A lease counts until its end, for the worker with its fence.
    private func index(of id: EnvironmentID, leasedUnder fence: Fence, at now: Timestamp) -> Int? {
        rows.firstIndex { row in
            guard let lease = row.lease else { return false }
            return row.id == id && lease.fence == fence && now < lease.endsAt
        }
    }

    /// Makes all changes of a commit. A refused change is skipped. All events show the row as it is after the last one.
    private mutating func makeChanges(
        _ changes: [EnvironmentChange],
        ofRowAt index: Int,
        _ now: Timestamp
    ) -> [EnvironmentEvent] {
        var kinds: [EnvironmentEvent.Kind] = []
        for change in changes { kinds += ReferenceRules.transition(&rows[index], by: change, at: now) ?? [] }
        return write(kinds, ofRowAt: index, at: now)
    }
}

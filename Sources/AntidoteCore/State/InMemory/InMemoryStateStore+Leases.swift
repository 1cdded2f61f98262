extension InMemoryStateStore {
    public func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        try await transaction { state, now in
            var claims: [Claim] = []
            for backend in request.backends {
                while claims.count < request.limit,
                    let id = state.takeDue(request.role, backend, now: now)
                        ?? (request.role == .scheduler ? state.nextWaiting(backend, now: now) : nil),
                    let claim = state.claim(id, for: request, recording: decide, now: now)
                {
                    claims.append(claim)
                }
            }
            return claims
        }
    }

    public func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration
    ) async throws -> [EnvironmentID: LeaseRenewal] {
        try await transaction { state, now in
            var renewals: [EnvironmentID: LeaseRenewal] = [:]
            for (id, fence) in held.sorted(by: { $0.key < $1.key }) {
                guard let lease = state.rows[id]?.lease, lease.fence == fence, lease.endsAt > now else { continue }
                state.update(id, now: now) {
                    $0.lease?.endsAt = now + duration
                    return []
                }
                renewals[id] = LeaseRenewal(fence: lease.fence, generation: state.rows[id]?.generation ?? 0)
            }
            return renewals
        }
    }

    public func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        try await transaction { state, now in
            commits.map { commit in
                guard state.rows[commit.environment]?.isHeld(under: commit.fence, at: now) == true,
                    let (row, events) = state.update(
                        commit.environment,
                        now: now,
                        under: commit.fence,
                        { $0.record(commit, now: now) }
                    )
                else { return .lost }
                return .committed(row, events: events, at: now)
            }
        }
    }

    public func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await transaction { state, now in
            var earliest: Timestamp?
            for backend in backends {
                if role == .scheduler, state.canGrant(backend, now: now) { return .zero }
                guard let moment = state.earliestDue(role, backend) else { continue }
                earliest = min(earliest ?? moment, moment)
            }
            return earliest.map { max(.zero, $0 - now) }
        }
    }
}

extension InMemoryState {
    fileprivate mutating func claim(
        _ id: EnvironmentID,
        for request: ClaimRequest,
        recording decide: (Environment, Timestamp) -> [EnvironmentChange],
        now: Timestamp
    ) -> Claim? {
        guard let before = rows[id]?.phase else { return nil }
        let taken = update(id, now: now) { row in
            row.take(request, now: now)
            return []
        }
        guard let taken = taken?.row, let lease = taken.lease else { return nil }
        let changes = decide(taken, now)
        guard !changes.isEmpty else { return Claim(environment: taken, lease: lease, at: now, phaseBefore: before) }
        let commit = Commit(environment: id, fence: lease.fence, changes: changes)
        let recorded = update(id, now: now, under: lease.fence) { $0.record(commit, now: now) }
        return Claim(
            environment: recorded?.row ?? taken,
            lease: lease,
            at: now,
            phaseBefore: before,
            events: recorded?.events ?? []
        )
    }
}

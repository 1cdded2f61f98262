#if SQLite
public import AntidoteCore
import GRDB

extension SQLiteStateStore {
    public func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        guard request.limit > 0 else { return [] }
        return try await write { transaction in
            var claims: [Claim] = []
            for backend in request.backends {
                let limit = request.limit - claims.count
                guard limit > 0 else { break }
                for row in try transaction.due(for: request.role, on: backend, limit: limit) {
                    claims.append(try transaction.claim(row, for: request, recording: decide))
                }
                guard request.role == .scheduler else { continue }
                while claims.count < request.limit, let row = try transaction.nextWaiting(on: backend) {
                    claims.append(try transaction.claim(row, for: request, recording: decide))
                }
            }
            return claims
        }
    }

    public func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration
    ) async throws -> [EnvironmentID: LeaseRenewal] {
        guard !held.isEmpty else { return [:] }
        return try await write { transaction in
            var renewals: [EnvironmentID: LeaseRenewal] = [:]
            for (id, fence) in held.sorted(by: { $0.key < $1.key }) {
                guard let row = try transaction.environment(id), row.isHeld(under: fence, at: transaction.now) else {
                    continue
                }
                _ = try transaction.update(row) {
                    $0.lease?.endsAt = transaction.now + duration
                    return []
                }
                renewals[id] = LeaseRenewal(fence: fence, generation: row.generation)
            }
            return renewals
        }
    }

    public func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        guard !commits.isEmpty else { return [] }
        return try await write { transaction in
            try commits.map { commit in
                guard let row = try transaction.environment(commit.environment),
                    row.isHeld(under: commit.fence, at: transaction.now)
                else { return .lost }
                let (changed, events) = try transaction.update(row) { $0.record(commit, now: transaction.now) }
                return .committed(changed, events: events, at: transaction.now)
            }
        }
    }

    public func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await read { transaction in
            var earliest: Timestamp?
            for backend in backends {
                if role == .scheduler, try transaction.nextWaiting(on: backend) != nil { return .zero }
                guard let moment = try transaction.earliestDue(for: role, on: backend) else { continue }
                earliest = min(earliest ?? moment, moment)
            }
            return earliest.map { max(.zero, $0 - transaction.now) }
        }
    }
}

extension SQLiteTransaction {
    fileprivate func claim(
        _ row: Environment,
        for request: ClaimRequest,
        recording decide: (Environment, Timestamp) -> [EnvironmentChange]
    ) throws -> Claim {
        var taken = row
        taken.take(request, now: now)
        let lease = Lease(worker: request.worker, fence: taken.fence, endsAt: now + request.leaseDuration)
        let commit = Commit(environment: row.id, fence: lease.fence, changes: decide(taken, now))
        let (recorded, events) = try update(row) {
            $0.take(request, now: now)
            return $0.record(commit, now: now)
        }
        return Claim(environment: recorded, lease: lease, at: now, phaseBefore: row.phase, events: events)
    }
}
#endif

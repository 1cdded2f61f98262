@_spi(StoreKit) import AntidoteCore

extension StoreMutant {
    /// A mutant that asks for something else than was asked for.
    private static func asking(
        _ fault: String,
        _ cases: [String],
        _ change: @escaping @Sendable (inout ClaimRequest) -> Void
    ) -> StoreMutant {
        StoreMutant(fault, cases) {
            $0.claim = { base, request, decide in
                var request = request
                change(&request)
                return try await base.claim(request, recording: decide)
            }
        }
    }

    /// A mutant that answers something else than what is.
    private static func answering(
        _ fault: String,
        _ cases: [String],
        _ change: @escaping @Sendable ([Claim]) -> [Claim]
    ) -> StoreMutant {
        StoreMutant(fault, cases) {
            $0.claim = { base, request, decide in change(try await base.claim(request, recording: decide)) }
        }
    }

    static let claiming: [StoreMutant] = [
        answering("forgets the phase before", ["claim/lease", "claim/lease-end"]) { claims in
            claims.map { claim in
                var claim = claim
                claim.phaseBefore = claim.phaseBefore == .queued ? claim.environment.phase : .queued
                return claim
            }
        },
        answering("gives the same fence again", ["claim/fences", "claim/lease-end"]) { claims in
            claims.map { claim in
                var claim = claim
                claim.lease.fence = Fence(1)
                return claim
            }
        },
        answering("gives the last first", ["capacity/order", "capacity/full-source"]) { $0.reversed() },
        StoreMutant("gives a row twice", ["claim/held", "claim/once"]) {
            let given = Kept<[Claim]>([])
            $0.claim = { base, request, decide in
                let claims = try await base.claim(request, recording: decide)
                let again = given.change { given in
                    let again = given
                    given = claims
                    return again
                }
                return claims + again
            }
        },
        asking("gives more than was asked for", ["claim/limit"]) { $0.limit *= 2 },
        asking("gives leases that are too long", ["claim/lease", "claim/lease-end", "due/lease"]) {
            $0.leaseDuration = $0.leaseDuration * 2
        },
        asking("gives schedulers what is a collector's", ["claim/roles", "remove/wanted-gone"]) {
            $0.role = .scheduler
        },
        asking("gives what others can do", ["claim/backends"]) {
            $0.backends = ["one", "two", "three", "fake"].map { BackendID(unchecked: $0) }
        },
        asking("lets collectors hold nothing", ["claim/collector-held"]) {
            if $0.role == .collector { $0.leaseDuration = .zero }
        },
        StoreMutant("decides nothing", ["claim/decides"]) {
            $0.claim = { base, request, _ in try await base.claim(request) { _, _ in [] } }
        },
        StoreMutant("decides at another time", ["claim/decides-on"]) {
            $0.claim = { base, request, decide in
                try await base.claim(request) { row, now in decide(row, now + .seconds(1)) }
            }
        },
        StoreMutant("gives what is settled", ["claim/settled", "claim/roles"]) {
            $0.claim = { base, request, decide in
                let ready = try await base.environments(matching: EnvironmentFilter(phases: [.ready]))
                let claims = try await base.claim(request, recording: decide)
                return claims
                    + ready.map { row in
                        let lease = Lease(worker: request.worker, fence: row.fence, endsAt: row.createdAt)
                        return Claim(environment: row, lease: lease, at: row.createdAt, phaseBefore: row.phase)
                    }
            }
        },
    ]

    static let granting: [StoreMutant] = [
        StoreMutant(
            "grants an instance one more",
            [
                "capacity/storm", "capacity/order", "capacity/per-instance", "capacity/comes-back",
                "capacity/renewed-rows",
            ],
            limits: { $0.perInstance = $0.perInstance.map { $0 + 1 } }
        ),
        StoreMutant(
            "grants a source one more",
            ["capacity/per-source", "capacity/full-source", "capacity/of-failed", "due/no-room"],
            limits: { $0.perSource = $0.perSource.map { $0 + 1 } }
        ),
        StoreMutant(
            "grants a backend one more",
            ["capacity/per-backend", "capacity/full-backend"],
            limits: { $0.perBackend = $0.perBackend.map { $0 + 1 } }
        ),
        StoreMutant(
            "lets a full source, or backend, keep all others waiting",
            ["capacity/full-source", "capacity/full-backend"],
            limits: { $0.perInstance = $0.perSource ?? $0.perBackend }
        ),
        StoreMutant("takes what is given up for gone", ["capacity/comes-back"]) {
            $0.commit = { base, commits in
                try await base.commit(
                    commits.map { commit in
                        var commit = commit
                        if case .abandon = commit.changes.first { commit.changes.append(.destroyed(through: 99)) }
                        return commit
                    }
                )
            }
        },
        StoreMutant("never has anything due", ["due/now", "due/pause", "due/no-room"]) {
            $0.nextDue = { base, role, backends in
                let due = try await base.nextDue(for: role, on: backends)
                return due == .zero ? nil : due
            }
        },
        StoreMutant("has nothing due later", ["due/lease", "due/pause", "due/expiry"]) {
            $0.nextDue = { base, role, backends in
                let due = try await base.nextDue(for: role, on: backends)
                return due == .zero ? due : nil
            }
        },
        StoreMutant("has always something due", ["due/nothing", "due/now"]) {
            $0.nextDue = { base, role, backends in try await base.nextDue(for: role, on: backends) ?? .zero }
        },
        StoreMutant("has due what finds no room", ["due/no-room"]) {
            $0.nextDue = { base, role, backends in
                let queued = try await base.environments(matching: EnvironmentFilter(phases: [.queued]))
                return queued.isEmpty ? try await base.nextDue(for: role, on: backends) : .zero
            }
        },
    ]
}

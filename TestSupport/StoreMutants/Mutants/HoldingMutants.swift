@_spi(StoreKit) import AntidoteCore

extension StoreMutant {
    /// A mutant that records something else than was committed.
    private static func recording(
        _ fault: String,
        _ cases: [String],
        _ change: @escaping @Sendable (inout Commit) -> Void
    ) -> StoreMutant {
        StoreMutant(fault, cases) {
            $0.commit = { base, commits in
                var commits = commits
                for index in commits.indices { change(&commits[index]) }
                return try await base.commit(commits)
            }
        }
    }

    static let holding: [StoreMutant] = [
        StoreMutant("renews for twice as long", ["renew/prolongs", "due/lease"]) {
            $0.renew = { base, held, duration in try await base.renew(held, for: duration * 2) }
        },
        StoreMutant("says that it renewed, and did not", ["renew/prolongs", "due/lease"]) {
            $0.renew = { base, held, _ in
                let rows = try await base.known(Array(held.keys))
                return rows.compactMapValues { row in
                    row.lease.map { LeaseRenewal(fence: $0.fence, generation: row.generation) }
                }
            }
        },
        StoreMutant("renews everything of a worker", ["renew/only-held"]) {
            let given = Kept<[EnvironmentID: Fence]>([:])
            $0.claim = { base, request, decide in
                let claims = try await base.claim(request, recording: decide)
                given.change { given in
                    for claim in claims { given[claim.environment.id] = claim.lease.fence }
                }
                return claims
            }
            $0.renew = { base, held, duration in
                try await base.renew(held.merging(given.value) { first, _ in first }, for: duration)
            }
        },
        StoreMutant("renews by any fence", ["renew/fence", "renew/many"]) {
            $0.renew = { base, held, duration in
                let rows = try await base.known(Array(held.keys))
                return try await base.renew(rows.mapValues(\.fence), for: duration)
            }
        },
        StoreMutant("says that what is lost is renewed", ["renew/fence", "renew/over", "renew/many"]) {
            $0.renew = { base, held, duration in
                let renewals = try await base.renew(held, for: duration)
                return held.mapValues { LeaseRenewal(fence: $0, generation: 1) }.merging(renewals) { $1 }
            }
        },
        StoreMutant("does not tell what is wanted", ["renew/generation"]) {
            $0.renew = { base, held, duration in
                try await base.renew(held, for: duration).mapValues { LeaseRenewal(fence: $0.fence, generation: 1) }
            }
        },
    ]

    static let committing: [StoreMutant] = [
        StoreMutant("answers commits in another order", ["commit/in-order"]) {
            $0.commit = { base, commits in try await base.commit(commits).reversed() }
        },
        StoreMutant("does not look at fences", ["commit/wrong-fence", "commit/in-order", "commit/some-lost"]) {
            $0.commit = { base, commits in
                var commits = commits
                for index in commits.indices {
                    commits[index].fence =
                        try await base.environment(commits[index].environment)?.fence ?? commits[index].fence
                }
                return try await base.commit(commits)
            }
        },
        StoreMutant("does not say that a lease is lost", ["commit/over", "commit/release", "commit/wrong-fence"]) {
            $0.commit = { base, commits in
                var outcomes: [CommitOutcome] = []
                for (commit, outcome) in zip(commits, try await base.commit(commits)) {
                    if outcome == .lost, let row = try await base.environment(commit.environment) {
                        outcomes.append(.committed(row, events: [], at: row.createdAt))
                    } else {
                        outcomes.append(outcome)
                    }
                }
                return outcomes
            }
        },
        recording("lets nothing go", ["commit/release", "commit/same-row", "claim/fences"]) { $0.releases = false },
        recording("lets everything go", ["commit/keeps-lease"]) { $0.releases = true },
        recording("forgets the last change of each commit", ["commit/effects", "commit/in-order", "claim/failed"]) {
            if !$0.changes.isEmpty { $0.changes.removeLast() }
        },
        recording("keeps no pause", ["claim/pause", "due/pause", "commit/effects"]) { commit in
            commit.changes = commit.changes.map { change in
                guard case .retry(_, let generation, let error) = change else { return change }
                return .retry(after: .zero, generation: generation, because: error)
            }
        },
        recording("keeps no failed row", ["claim/failed", "commit/failure"]) { commit in
            commit.changes = commit.changes.map { change in
                guard case .fail(let error, let generation, _) = change else { return change }
                return .fail(error, generation: generation, keptFor: .zero)
            }
        },
        recording("forgets what failed", ["commit/failure"]) { commit in
            commit.changes = commit.changes.map { change in
                guard case .fail(var error, let generation, let retention) = change else { return change }
                error.subject = nil
                return .fail(error, generation: generation, keptFor: retention)
            }
        },
        recording("takes what has no infrastructure for given up", ["capacity/of-failed"]) { commit in
            if commit.changes.contains(where: { if case .fail = $0 { true } else { false } }) {
                commit.changes.append(.destroyed(through: 1))
            }
        },
        StoreMutant("writes all of a batch or nothing", ["commit/some-lost", "commit/in-order"]) {
            $0.commit = { base, commits in
                for commit in commits {
                    let row = try await base.environment(commit.environment)
                    if row?.lease?.fence != commit.fence { return commits.map { _ in .lost } }
                }
                return try await base.commit(commits)
            }
        },
        StoreMutant("writes one commit of a row in a batch", ["commit/same-row"]) {
            $0.commit = { base, commits in
                var seen: Set<EnvironmentID> = []
                var outcomes: [CommitOutcome] = []
                for commit in commits {
                    if seen.insert(commit.environment).inserted {
                        outcomes += try await base.commit([commit])
                    } else {
                        outcomes.append(.lost)
                    }
                }
                return outcomes
            }
        },
    ]
}

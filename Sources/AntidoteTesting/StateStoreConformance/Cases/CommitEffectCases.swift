@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let commitEffectCases: [StoreCase] = [
        StoreCase(.commit, "effects", "every change does to a row what the core says, and tells the same events") {
            bench in
            for (index, story) in CommitEffect.stories(bench).enumerated() {
                var row = try await bench.admit("o\(index)", "s\(index)")
                var claim = try await bench.claim(row.id)
                row = claim.environment
                for step in story {
                    switch step {
                    case .commit(let changes):
                        row = try await CommitEffect.check(changes, of: claim, from: row, in: bench)
                    case .remove:
                        try await bench.store.remove(row.id)
                        row = try await bench.row(row.id)
                    case .change(let revision):
                        row = try await bench.store.change(row.id, toRevision: revision).environment
                    case .report(let trouble):
                        _ = try await bench.store.report(trouble, of: row.id, incarnation: row.incarnation)
                        row = try await bench.row(row.id)
                    }
                }
                claim.environment = row
                _ = try await CommitEffect.check([], releases: true, of: claim, from: row, in: bench)
            }
        },
        StoreCase(.commit, "failure", "a failure keeps its code, sentence, advice, place and log") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let error = AntidoteError(
                .jobFailed,
                "the script ended with status 3",
                recovery: "Look at its log.",
                subject: "vqfx1",
                logTail: "Zeile 1\nZeile „2“\n"
            )
            let change = EnvironmentChange.fail(error, generation: 1, keptFor: .seconds(60))
            guard case .committed(_, let events, let at) = try await bench.outcome(claim, [change]) else {
                throw ConformanceFailure(description: "the lease is said to be lost")
            }
            let failure = Failure(error, at: at, keptUntil: at + .seconds(60))
            try require(try await bench.row(row.id).failure, is: failure, "the stored failure")
            try require(events.map(\.failure), is: [failure], "the failure in the event")
            try require(try await bench.other.events(of: row.id, after: 1), is: events, "the stored events")
        },
    ]
}

/// Compares what a store made of changes with what the core makes of them.
private enum CommitEffect {
    enum Step {
        case commit([EnvironmentChange])
        case remove
        case change(Int)
        case report(ProviderFailure)
    }

    static func check(
        _ changes: [EnvironmentChange],
        releases: Bool = false,
        of claim: Claim,
        from row: Environment,
        in bench: StoreBench
    ) async throws -> Environment {
        let outcome = try await bench.outcome(claim, changes, releases: releases)
        guard case .committed(let found, let events, let at) = outcome else {
            throw ConformanceFailure(description: "\(changes): the lease is said to be lost")
        }
        var wanted = row
        let commit = Commit(environment: row.id, fence: claim.lease.fence, changes: changes, releases: releases)
        var told: [EnvironmentEvent] = []
        for kind in wanted.record(commit, now: at) {
            wanted.eventCount += 1
            told.append(EnvironmentEvent(kind, about: wanted, sequence: wanted.eventCount, time: at))
        }
        try require(found, is: wanted, "the row after \(changes)")
        // The number of the row in an event is that of the event.
        try require(events.map(\.kind), is: told.map(\.kind), "the events of \(changes)")
        try require(events.map(\.sequence), is: told.map(\.sequence), "the numbers of the events of \(changes)")
        try require(try await bench.other.environment(row.id), is: wanted, "the stored row after \(changes)")
        return found
    }

    static func stories(_ bench: StoreBench) -> [[Step]] {
        let busy = AntidoteError(.backendUnavailable, "busy")
        let broken = AntidoteError(.endpointNotReady, "not ready")
        let failed = AntidoteError(.jobFailed, "failed", disposition: .retry)
        let topology = { (identity: String) in
            ProvisionedTopology(
                id: TopologyID(
                    instance: InstanceID(unchecked: "suite"),
                    store: bench.store.id,
                    environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
                    incarnation: 1
                ),
                endpoints: [ProvisionedEndpoint(name: "web", identity: identity, ports: [])]
            )
        }
        let build: [Step] = [
            .commit([.begin(incarnation: 1)]),
            .commit([.built(topology("m1"), generation: 1, repaired: [])]),
            .commit([.configured(generation: 1)]),
        ]
        return [
            build + [.remove, .commit([.abandon]), .commit([.destroyed(through: 1)]), .commit([.close])],
            build + [.change(3), .commit([.built(topology("m1"), generation: 2, repaired: [])])],
            build + [
                .report(.dead(["web"])), .commit([.built(topology("m2"), generation: 1, repaired: ["web"])]),
                .commit([.configured(generation: 1)]),
            ],
            build + [
                .report(.vanished),
                .commit([.fail(AntidoteError(.environmentLost, "gone"), generation: 1, keptFor: .seconds(60))]),
                .commit([.destroyed(through: 1), .close]),
            ],
            [
                .commit([.begin(incarnation: 1)]),
                .commit([.retry(after: .seconds(30), generation: 1, because: busy)]),
                .commit([.retry(after: .milliseconds(1), generation: 1, because: broken)]),
                .commit([.destroyed(through: 1), .begin(incarnation: 2)]),
                .commit([.retry(after: .zero, generation: 1, because: failed)]),
            ],
            [.change(2), .commit([.retry(after: .seconds(30), generation: 1, because: busy)])],
            [.commit([.expire, .close])],
        ]
    }
}

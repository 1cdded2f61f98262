@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let commitCases: [StoreCase] = [
        StoreCase(.commit, "in-order", "each commit of a batch is answered, in order") { bench in
            for index in 0..<6 { try await bench.admit("o\(index)") }
            let claims = try await bench.claim()
            let commits = claims.shuffled().enumerated().map { index, claim in
                Commit(
                    environment: claim.environment.id,
                    fence: index % 3 == 2 ? Fence(99) : claim.lease.fence,
                    changes: [.begin(incarnation: index + 1)]
                )
            }
            let outcomes = try await bench.store.commit(commits)
            try require(outcomes.count, is: commits.count, "answers")
            for (index, (commit, outcome)) in zip(commits, outcomes).enumerated() {
                guard case .committed(let row, _, _) = outcome else {
                    try require(index % 3 == 2, "commit \(index) is said to be lost")
                    continue
                }
                try require(index % 3 != 2, "commit \(index) is not said to be lost")
                try require(row.id, is: commit.environment, "the row of answer \(index)")
                try require(row.incarnation, is: index + 1, "the incarnation in answer \(index)")
                try require(try await bench.row(row.id), is: row, "the stored row of answer \(index)")
            }
            try require(try await bench.store.commit([]).count, is: 0, "answers to nothing")
        },
        StoreCase(.commit, "wrong-fence", "a commit under another fence is lost, and writes nothing") { bench in
            let row = try await bench.admit("a")
            let first = try await bench.claim(row.id)
            try await bench.pass(StoreBench.lease + .seconds(1))
            let second = try await bench.claim(row.id, worker: "v")
            for connection in bench.both {
                let outcome = try await bench.outcome(first, [bench.failing()], releases: true, with: connection)
                try require(outcome, is: .lost, "the answer to who had it before")
            }
            try require(try await bench.row(row.id), is: second.environment, "the row")
            try require(try await bench.store.events(of: row.id, after: 1), is: [], "the events")
            let stranger = Commit(environment: bench.random.environmentID(), fence: Fence(1))
            try require(try await bench.store.commit([stranger]), is: [.lost], "the answer about no row")
        },
        StoreCase(.commit, "over", "a commit after the end of its lease is lost, even if nobody came") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            try await bench.pass(StoreBench.lease + .seconds(1))
            try require(try await bench.outcome(claim, [.begin(incarnation: 1)]), is: .lost, "the answer")
            try require(try await bench.row(row.id), is: claim.environment, "the row")
        },
        StoreCase(.commit, "release", "what is let go is due for others at once, and not the holder's any more") {
            bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let released = try await bench.commit(claim, [.begin(incarnation: 1)], releases: true)
            try require(released.lease, is: nil, "the lease")
            try require(try await bench.outcome(claim, [.begin(incarnation: 2)]), is: .lost, "a later commit")
            try require(try await bench.claim(worker: "v").map(\.environment.id), is: [row.id], "rows that are due")
        },
        StoreCase(.commit, "keeps-lease", "a commit that does not let go keeps the lease as it is") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            try require(try await bench.commit(claim, []), is: claim.environment, "the row after an empty commit")
            try require(try await bench.commit(claim, [.begin(incarnation: 1)]).lease, is: claim.lease, "the lease")
            try require(try await bench.claim(worker: "v").count, is: 0, "claims of others")
        },
        StoreCase(.commit, "some-lost", "a batch with a lost commit writes all the others") { bench in
            for index in 0..<5 { try await bench.admit("o\(index)") }
            let claims = try await bench.claim()
            let commits = claims.enumerated().map { index, claim in
                Commit(
                    environment: claim.environment.id,
                    fence: index == 2 ? Fence(99) : claim.lease.fence,
                    changes: [.begin(incarnation: 1)]
                )
            }
            let outcomes = try await bench.store.commit(commits)
            try require(outcomes.count { $0 == .lost }, is: 1, "lost commits")
            for (index, claim) in claims.enumerated() {
                let row = try await bench.row(claim.environment.id)
                try require(row.incarnation, is: index == 2 ? 0 : 1, "the incarnation of row \(index)")
            }
        },
        StoreCase(.commit, "same-row", "two commits of one row in a batch follow one another") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let fence = claim.lease.fence
            let outcomes = try await bench.store.commit([
                Commit(environment: row.id, fence: fence, changes: bench.ready(row)),
                Commit(environment: row.id, fence: fence, releases: true),
                Commit(environment: row.id, fence: fence, changes: [.abandon]),
            ])
            guard case .committed(let first, let events, _) = outcomes[0],
                case .committed(let second, _, _) = outcomes[1]
            else { throw ConformanceFailure(description: "the first two: \(outcomes.prefix(2))") }
            try require(first.phase, is: .ready, "the phase after the first")
            try require(events.map(\.kind), is: [.ready], "the events of the first")
            try require(second.phase, is: .ready, "the phase after the second")
            try require(second.lease, is: nil, "the lease after the second")
            try require(outcomes[2], is: .lost, "the answer to the third")
        },
        StoreCase(.commit, "numbers", "events are numbered without gaps, whoever writes at once") { bench in
            let row = try await bench.readyRow("a")
            _ = try await bench.storm(40, tolerating: []) { connection, index in
                if index % 2 == 0 {
                    _ = try await connection.change(row.id, toRevision: index + 1)
                } else if let claim = try await bench.claim(worker: "w\(index)", with: connection).first {
                    let generation = claim.environment.generation
                    let built = bench.built(claim.environment)
                    let changes: [EnvironmentChange] = [
                        .built(built, generation: generation, repaired: []), .configured(generation: generation),
                    ]
                    _ = try await bench.outcome(claim, changes, releases: true, with: connection)
                }
            }
            let events = try await bench.store.events(of: row.id, after: 0)
            try require(events.map(\.sequence), is: (1...events.count).map(Int64.init), "the numbers")
            try require(try await bench.row(row.id).eventCount, is: Int64(events.count), "the row's count")
            try require(events.count { $0.kind == .revisionChanged }, is: 20, "changes of revision")
        },
    ]
}

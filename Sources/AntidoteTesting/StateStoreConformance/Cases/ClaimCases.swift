@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let claimCases: [StoreCase] = [
        StoreCase(.claim, "lease", "a claim gives a lease, and takes the row out of the queue") { bench in
            let row = try await bench.admit("a")
            let claims = try await bench.claim(worker: "w1")
            let claim = try require(claims.first, "nothing was given")
            try require(claims.count, is: 1, "claims")
            try require(claim.phaseBefore, is: .queued, "the phase before")
            try require(claim.environment.phase, is: .initialized, "the phase")
            try require(claim.environment.lease, is: claim.lease, "the row's lease")
            try require(claim.environment.fence, is: claim.lease.fence, "the row's fence")
            try require(claim.lease.worker.rawValue, is: "w1", "the worker")
            try require(claim.lease.endsAt, is: claim.at + StoreBench.lease, "the end of the lease")
            try require(claim.events, is: [], "the events")
            try require(try await bench.row(row.id), is: claim.environment, "the stored row")
        },
        StoreCase(.claim, "held", "a row under a lease is nobody else's") { bench in
            try await bench.admit("a")
            try require(try await bench.claim(worker: "w1").count, is: 1, "claims")
            try require(try await bench.claim(worker: "w1").count, is: 0, "claims of the same worker")
            try require(try await bench.claim(worker: "w2", with: bench.other).count, is: 0, "claims of another")
        },
        StoreCase(.claim, "limit", "no more rows are given than were asked for") { bench in
            for owner in ["a", "b", "c", "d", "e"] { try await bench.admit(owner) }
            try require(try await bench.claim(limit: 2).count, is: 2, "claims")
            try require(try await bench.claim(limit: 0).count, is: 0, "claims of who wants none")
            try require(try await bench.claim(limit: 100).count, is: 3, "claims of the others")
        },
        StoreCase(.claim, "once", "many that claim at once never get the same row") { bench in
            let count = 60
            var wanted: Set<EnvironmentID> = []
            for index in 0..<count { wanted.insert(try await bench.admit("o\(index)").id) }
            let given = Mutexed<[EnvironmentID]>([])
            _ = try await bench.storm(20, tolerating: []) { connection, index in
                while case let claims = try await bench.claim(worker: "w\(index)", limit: 4, with: connection),
                    !claims.isEmpty
                {
                    given.change { $0 += claims.map(\.environment.id) }
                }
            }
            // Whoever saw a row only while another claimed it got less; nothing is lost.
            let rest = try await bench.claim().map(\.environment.id)
            try require(given.value.count + rest.count, is: count, "claims")
            try require(Set(given.value + rest), is: wanted, "claimed rows")
        },
        StoreCase(.claim, "lease-end", "a row is due again when its lease is over, under a higher fence") { bench in
            let row = try await bench.admit("a")
            let first = try await bench.claim(row.id, worker: "w1")
            try await bench.pass(StoreBench.lease + .seconds(1))
            let second = try await bench.claim(row.id, worker: "w2")
            try require(
                second.lease.fence > first.lease.fence,
                "the fence \(second.lease.fence) came after \(first.lease.fence)"
            )
            try require(second.phaseBefore, is: .initialized, "the phase before")
            try require(second.environment.attempts.claims, is: 2, "the count of claims")
        },
        StoreCase(.claim, "fences", "the fence of a row rises with every claim") { bench in
            let row = try await bench.admit("a")
            var last = Fence(0)
            for _ in 0..<4 {
                let claim = try await bench.claim(row.id)
                try require(claim.lease.fence > last, "the fence \(claim.lease.fence) came after \(last)")
                last = claim.lease.fence
                try await bench.commit(claim, releases: true)
            }
        },
        StoreCase(.claim, "decides", "what is decided with a claim is recorded with it, and its events come with it") {
            bench in
            let row = try await bench.admit("a")
            let built = bench.built(row)
            let claims = try await bench.claim { row, _ in
                [
                    .begin(incarnation: 1), .built(built, generation: row.generation, repaired: []),
                    .configured(generation: 1),
                ]
            }
            let claim = try require(claims.first, "nothing was given")
            try require(claim.environment.phase, is: .ready, "the phase")
            try require(claim.environment.provisioned, is: built, "what was built")
            try require(claim.events.map(\.kind), is: [.ready], "the events")
            try require(claim.events.map(\.sequence), is: [2], "the event's number")
            try require(try await bench.other.environment(row.id), is: claim.environment, "the stored row")
            let stored = try await bench.store.events(of: row.id, after: 1)
            try require(stored, is: claim.events, "the stored events")
            try require(
                try await bench.store.unpublishedEvents(limit: 10).contains(stored[0]),
                "the event will not be published"
            )
        },
        StoreCase(.claim, "decides-on", "what is decided on is the row as it was claimed, at the store's time") {
            bench in
            let row = try await bench.admit("a")
            let seen = Mutexed<(Environment, Timestamp)?>(nil)
            let claim = try require(
                try await bench.claim { row, now in
                    seen.change { $0 = (row, now) }
                    return []
                }.first,
                "nothing was given"
            )
            try require(seen.value?.0, is: claim.environment, "the row that was decided on")
            try require(seen.value?.1, is: claim.at, "the time that was decided at")
            try require(claim.at - row.createdAt, near: .zero, "the time since it was asked for")
        },
        StoreCase(.claim, "pause", "a pause is kept, and no longer than it lasts") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let error = AntidoteError(.backendUnavailable, "it is busy")
            try await bench.commit(claim, [.retry(after: .seconds(900), generation: 1, because: error)], releases: true)
            try require(try await bench.claim().count, is: 0, "claims at once")
            try await bench.pass(.seconds(600))
            try require(try await bench.claim().count, is: 0, "claims in the pause")
            try await bench.pass(.seconds(301))
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "claims after the pause")
        },
    ]

    static let claimRoleCases: [StoreCase] = [
        StoreCase(.claim, "roles", "each role is given what it has something to do with, and nothing else") { bench in
            let ready = try await bench.readyRow("a")
            let queued = try await bench.admit("b")
            try require(
                try await bench.claim(.collector).map(\.environment.id),
                is: [],
                "the collector's rows at first"
            )
            try await bench.store.remove(ready.id)
            try require(
                try await bench.claim(.scheduler).map(\.environment.id),
                is: [queued.id],
                "the scheduler's rows"
            )
            try require(try await bench.claim(.collector).map(\.environment.id), is: [ready.id], "the collector's rows")
        },
        StoreCase(.claim, "settled", "what is as it is wanted is nobody's until something changes") { bench in
            let ready = try await bench.readyRow("a")
            for role in WorkerRole.allCases {
                try require(try await bench.claim(role).map(\.environment.id), is: [], "the rows of a \(role)")
            }
            _ = try await bench.store.change(ready.id, toRevision: 1)
            try require(try await bench.claim().map(\.environment.id), is: [ready.id], "the rows after a change")
        },
        StoreCase(.claim, "backends", "a worker is given what its backends can do") { bench in
            let one = try await bench.admit("a", backend: "one")
            let two = try await bench.admit("b", backend: "two")
            let three = try await bench.admit("c", backend: "three")
            try require(try await bench.claim(backends: []).map(\.environment.id), is: [], "rows without a backend")
            try require(try await bench.claim(backends: ["four"]).map(\.environment.id), is: [], "rows on “four”")
            try require(try await bench.claim(backends: ["two"]).map(\.environment.id), is: [two.id], "rows on “two”")
            let rest = try await bench.claim(backends: ["two", "three", "one"])
            try require(Set(rest.map(\.environment.id)), is: [one.id, three.id], "rows on the others")
        },
        StoreCase(.claim, "idle", "what was idle too long is the collector's, and not before") { bench in
            let ready = try await bench.readyRow("a", idle: .seconds(1000))
            let queued = try await bench.admit("b", "y", idle: .seconds(1000))
            try await bench.pass(.seconds(700))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [], "the collector's rows")
            try await bench.pass(.seconds(301))
            let claims = try await bench.claim(.collector)
            try require(Set(claims.map(\.environment.id)), is: [ready.id, queued.id], "the collector's rows")
            let claim = try require(claims.first { $0.environment.id == ready.id }, "no claim")
            try require(try await bench.commit(claim, [.expire]).phase, is: .deleting, "the phase of what expired")
        },
        StoreCase(.claim, "session-end", "what outlives its session is the collector's") { bench in
            let session = try await bench.session(lifetime: .seconds(1000))
            let row = try await bench.readyRow(session.id.rawValue)
            try await bench.pass(.seconds(700))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [], "the collector's rows")
            try await bench.pass(.seconds(301))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
        StoreCase(.claim, "persistent", "what is persistent never expires") { bench in
            var request = bench.request("a", idle: .seconds(600))
            request.isPersistent = true
            let row = try await bench.store.admit(request).environment
            try await bench.pass(.seconds(1_000_000))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [], "the collector's rows")
            try require(try await bench.row(row.id).expiresAt, is: nil, "the expiry")
        },
        StoreCase(.claim, "failed", "a failed row is destroyed at once, and kept until it may go") { bench in
            let row = try await bench.admit("a")
            let error = AntidoteError(.jobFailed, "it broke")
            let changes: [EnvironmentChange] = [
                .begin(incarnation: 1), .fail(error, generation: 1, keptFor: .seconds(5000)),
            ]
            try await bench.commit(try await bench.claim(row.id), changes, releases: true)
            try require(
                try await bench.claim(.collector).map(\.environment.id),
                is: [],
                "the collector's rows at first"
            )
            let claim = try await bench.claim(row.id)
            try await bench.commit(claim, [.destroyed(through: 1)], releases: true)
            try require(try await bench.claim().map(\.environment.id), is: [], "the scheduler's rows then")
            try await bench.pass(.seconds(4000))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [], "the collector's rows")
            try await bench.pass(.seconds(1001))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
        StoreCase(.claim, "collector-held", "what waits, and is held by a collector, is granted to nobody") { bench in
            let row = try await bench.admit("a", idle: .seconds(600))
            try await bench.pass(.seconds(601))
            let held = try await bench.claim(row.id, .collector, worker: "c")
            let other = try await bench.admit("b")
            try require(try await bench.claim().map(\.environment.id), is: [other.id], "the scheduler's rows")
            try require(try await bench.commit(held, [.expire, .close]).phase, is: .closed, "the phase")
        },
        StoreCase(.claim, "refused-expiry", "what is used between a claim and its expiry stays, and is granted then") {
            bench in
            let row = try await bench.admit("a", idle: .seconds(600))
            try await bench.pass(.seconds(601))
            let held = try await bench.claim(row.id, .collector)
            try await bench.other.keepAlive([row.id])
            let after = try await bench.commit(held, [.expire, .close], releases: true)
            try require(after.phase, is: .queued, "the phase")
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "the scheduler's rows")
        },
    ]
}

@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let forgetCases: [StoreCase] = [
        StoreCase(.forget, "old", "what has been over for long is forgotten with its events, and nothing younger") {
            bench in
            let old = try await bench.closedRow("a")
            try await bench.pass(.seconds(5000))
            let young = try await bench.closedRow("b")
            try require(try await bench.store.forget(olderThan: .seconds(3000), limit: 100), is: 1, "forgotten rows")
            try require(try await bench.other.environment(old.id), is: nil, "the old row")
            try require(try await bench.other.events(of: old.id, after: 0), is: [], "the events of the old row")
            try require(try await bench.row(young.id), is: young, "the young row")
            try require(
                try await bench.store.events(of: young.id, after: 0).count,
                is: 2,
                "the events of the young row"
            )
            try require(try await bench.store.known([old.id]), is: [:], "what is known of the old row")
        },
        StoreCase(.forget, "limit", "no more is forgotten at once than was asked for, the oldest first") { bench in
            var rows: [Environment] = []
            for index in 0..<5 {
                rows.append(try await bench.closedRow("o\(index)"))
                try await bench.pass(.seconds(1))
            }
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(60), limit: 2), is: 2, "forgotten rows")
            let left = try await bench.store.known(rows.map(\.id))
            try require(Set(left.keys), is: Set(rows[2...].map(\.id)), "the rows that are left")
            try require(try await bench.store.forget(olderThan: .seconds(60), limit: 100), is: 3, "forgotten rows")
        },
        StoreCase(.forget, "open", "what is not over is never forgotten, nor any of its events") { bench in
            let ready = try await bench.readyRow("a")
            for revision in 1...5 { _ = try await bench.store.change(ready.id, toRevision: revision) }
            let queued = try await bench.admit("b")
            let failed = try await bench.failedRow("c")
            let events = try await bench.store.events(matching: EventFilter())
            try await bench.pass(.seconds(10_000_000))
            try require(try await bench.store.forget(olderThan: .zero, limit: 100), is: 0, "what was forgotten")
            try require(try await bench.other.events(matching: EventFilter()), is: events, "the events")
            try require(try await bench.store.known([ready.id, queued.id, failed.id]).count, is: 3, "the rows")
        },
        StoreCase(
            .forget,
            "sessions-with-rows",
            "a session that is over is remembered as long as something counts for it",
            limits: AdmissionLimits(perAddress: 1)
        ) { bench in
            let session = try await bench.session(1, lifetime: .seconds(600), address: "192.0.2.1")
            let row = try await bench.admit(session.id.rawValue)
            let other = try await bench.session(2, address: "192.0.2.1")
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(60), limit: 100), is: 0, "what was forgotten")
            try await requireError(.limitExceeded, from: "another of its address") {
                try await bench.admit(other.id.rawValue)
            }
            try await bench.commit(try await bench.claim(row.id, .collector), [.expire, .close], releases: true)
            try require(try await bench.other.forget(olderThan: .seconds(60), limit: 100), is: 1, "what was forgotten")
            try require(try await bench.store.session(session.id), is: nil, "the session")
            try await bench.admit(other.id.rawValue)
        },
        StoreCase(.forget, "sessions", "sessions that were over for long are forgotten, and persistent ones never") {
            bench in
            let ended = try await bench.session(1)
            let expiring = try await bench.session(2, lifetime: .seconds(100))
            let persistent = try await bench.session(3, lifetime: .seconds(100))
            _ = try await bench.store.setPersistent(true, session: persistent.id)
            let live = try await bench.session(4)
            try await bench.store.endSession(ended.id)
            try await bench.pass(.seconds(5000))
            try require(
                try await bench.store.forget(olderThan: .seconds(10_000), limit: 100),
                is: 0,
                "what was forgotten"
            )
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 2, "what was forgotten")
            for id in [ended.id, expiring.id] {
                try require(try await bench.other.session(id), is: nil, "the session \(id)")
            }
            for id in [persistent.id, live.id] {
                try require(try await bench.other.session(id)?.id, is: id, "the session \(id)")
            }
        },
    ]
}

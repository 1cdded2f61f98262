@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let dueCases: [StoreCase] = [
        StoreCase(.due, "nothing", "nothing is ever due where nothing is") { bench in
            for role in WorkerRole.allCases {
                try require(try await bench.due(role), is: nil, "the time until something is due for a \(role)")
            }
            try await bench.readyRow("a")
            for role in WorkerRole.allCases {
                try require(try await bench.due(role), is: nil, "the time until something is due for a \(role)")
            }
        },
        StoreCase(.due, "now", "what can be given is due now, on its own backends") { bench in
            let row = try await bench.admit("a")
            try require(try await bench.due(), is: .zero, "the time until the new row is due")
            try require(try await bench.due(.collector), is: nil, "the time until it is due for a collector")
            try require(try await bench.due(backends: ["other"]), is: nil, "the time until it is due elsewhere")
            try await bench.store.remove(row.id)
            try require(try await bench.due(), is: nil, "the time until the removed row is due")
            try require(try await bench.due(.collector), is: .zero, "the time until it is due for a collector")
        },
        StoreCase(.due, "lease", "what is held is due when its lease ends") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            try require(try await bench.due(), near: StoreBench.lease, "the time until it is due")
            try await bench.pass(.seconds(300))
            try require(try await bench.due(), near: StoreBench.lease - .seconds(300), "the time until it is due")
            _ = try await bench.store.renew([row.id: claim.lease.fence], for: .seconds(2000))
            try require(try await bench.due(), near: .seconds(2000), "the time until it is due after renewal")
            try await bench.commit(claim, releases: true)
            try require(try await bench.due(), is: .zero, "the time until it is due when it was let go")
        },
        StoreCase(
            .due,
            "no-room",
            "what waits is not due while there is no room for it",
            limits: AdmissionLimits(perSource: 1)
        ) { bench in
            let first = try await bench.readyRow("a")
            try await bench.admit("b")
            try require(try await bench.due() != .zero, "it is due now although its source is full")
            try await bench.store.remove(first.id)
            let claim = try await bench.claim(first.id, .collector)
            try await bench.commit(claim, [.abandon, .destroyed(through: 1), .close], releases: true)
            try require(try await bench.due(), is: .zero, "the time until it is due when there is room")
        },
        StoreCase(.due, "pause", "what pauses is due when its pause is over") { bench in
            let row = try await bench.admit("a")
            let error = AntidoteError(.backendUnavailable, "busy")
            let change = EnvironmentChange.retry(after: .seconds(5000), generation: 1, because: error)
            try await bench.commit(try await bench.claim(row.id), [change], releases: true)
            try require(try await bench.due(), near: .seconds(5000), "the time until it is due")
            _ = try await bench.store.change(row.id, toRevision: 7)
            try require(try await bench.due(), is: .zero, "the time until it is due after a change")
        },
        StoreCase(.due, "expiry", "what is idle is due for a collector when it expires, the earliest first") { bench in
            try await bench.readyRow("a", idle: .seconds(9000))
            let row = try await bench.readyRow("b", idle: .seconds(5000))
            try require(try await bench.due(.collector), near: .seconds(5000), "the time until one is due")
            try await bench.pass(.seconds(3000))
            try await bench.store.keepAlive([row.id])
            try require(try await bench.due(.collector), near: .seconds(5000), "the time until one is due after use")
            try await bench.pass(.seconds(7000))
            try require(try await bench.due(.collector), is: .zero, "the time until one is due in the end")
        },
    ]

    static let reportCases: [StoreCase] = [
        StoreCase(.report, "dead", "a dead endpoint is news once, and again when it dies again, and is repaired") {
            bench in
            let row = try await bench.readyRow("a")
            try require(try await bench.store.report(.dead(["web"]), of: row.id, incarnation: 1), "it is no news")
            try require(try await bench.row(row.id).observed.troubled, is: ["web"], "the endpoints in trouble")
            try require(
                try await bench.other.report(.dead(["web"]), of: row.id, incarnation: 1),
                "a second death is no news"
            )
            try require(!(try await bench.store.report(.dead(["web"]), of: row.id, incarnation: 1)), "a third is news")
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "the scheduler's rows")
        },
        StoreCase(.report, "vanished", "a lab that vanished is news once, and somebody's work") { bench in
            let row = try await bench.readyRow("a")
            try require(try await bench.store.report(.vanished, of: row.id, incarnation: 1), "it is no news")
            try require(!(try await bench.other.report(.vanished, of: row.id, incarnation: 1)), "it is news again")
            try require(try await bench.row(row.id).observed.hasVanished, "the row does not say so")
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "the scheduler's rows")
        },
        StoreCase(.report, "late", "late news of another incarnation, or of no row, is no news") { bench in
            let row = try await bench.readyRow("a")
            for incarnation in [0, 2] {
                let isNews = try await bench.store.report(.dead(["web"]), of: row.id, incarnation: incarnation)
                try require(!isNews, "incarnation \(incarnation) is news")
            }
            try require(try await bench.row(row.id), is: row, "the row")
            let isNews = try await bench.store.report(.vanished, of: bench.random.environmentID(), incarnation: 1)
            try require(!isNews, "trouble of no row is news")
            try await bench.store.remove(row.id)
            try require(!(try await bench.store.report(.vanished, of: row.id, incarnation: 1)), "a removed row is news")
        },
    ]
}

extension StoreBench {
    fileprivate func due(
        _ role: WorkerRole = .scheduler,
        backends: [String] = [StoreBench.backend]
    ) async throws -> Duration? {
        try await store.nextDue(for: role, on: backends.map { BackendID(unchecked: $0) })
    }
}

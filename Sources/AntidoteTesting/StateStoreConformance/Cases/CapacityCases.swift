@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let capacityCases: [StoreCase] = [
        StoreCase(
            .capacity,
            "storm",
            "no limit is ever exceeded, whoever claims, commits and removes at once",
            limits: AdmissionLimits(perSource: 4, perBackend: 6, perInstance: 9)
        ) { bench in
            try await CapacityStorm(bench: bench).run(rounds: 12)
        },
        StoreCase(
            .capacity,
            "order",
            "capacity is granted in the order of tickets, from whichever connection",
            limits: AdmissionLimits(perInstance: 20)
        ) { bench in
            var tickets: [Int64] = []
            for index in 0..<30 {
                let request = bench.request("o\(index)", "s\(index % 3)")
                tickets.append(try await bench.both[index % 2].admit(request).environment.ticket)
            }
            var granted: [Int64] = []
            for turn in 0..<4 {
                granted += try await bench.claim(limit: 7, with: bench.both[turn % 2]).map(\.environment.ticket)
            }
            try require(granted, is: Array(tickets[0..<20]), "the granted tickets")
        },
        StoreCase(
            .capacity,
            "per-source",
            "a source, in all its versions, never has more than it may",
            limits: AdmissionLimits(perSource: 2)
        ) { bench in
            for version in ["1", "2", "3"] {
                var request = bench.request("o\(version)")
                request.source.version = version
                _ = try await bench.store.admit(request)
            }
            try require(try await bench.claim().count, is: 2, "granted rows")
            try require(try await bench.claim().count, is: 0, "granted rows after that")
        },
        StoreCase(
            .capacity,
            "per-backend",
            "a backend never has more than it may",
            limits: AdmissionLimits(perBackend: 2)
        ) { bench in
            for index in 0..<4 { try await bench.admit("o\(index)", "s\(index)") }
            try require(try await bench.claim().count, is: 2, "granted rows")
            try require(try await bench.claim(with: bench.other).count, is: 0, "granted rows after that")
        },
        StoreCase(
            .capacity,
            "per-instance",
            "an instance never has more than it may, on all its backends",
            limits: AdmissionLimits(perInstance: 3)
        ) { bench in
            for index in 0..<6 { try await bench.admit("o\(index)", backend: index % 2 == 0 ? "one" : "two") }
            try require(try await bench.claim(backends: ["one", "two"]).count, is: 3, "granted rows")
            try require(try await bench.claim(backends: ["two", "one"]).count, is: 0, "granted rows after that")
        },
        StoreCase(
            .capacity,
            "full-source",
            "a source that is full is passed over, however many wait for it",
            limits: AdmissionLimits(perSource: 1)
        ) { bench in
            for index in 0..<40 { try await bench.admit("o\(index)", "full") }
            let last = try await bench.admit("z", "free")
            let claims = try await bench.claim()
            try require(claims.map(\.environment.source.name), is: ["full", "free"], "the sources of granted rows")
            try require(claims.last?.environment.id, is: last.id, "the last granted row")
        },
        StoreCase(
            .capacity,
            "full-backend",
            "a backend that is full does not keep another one's waiting",
            limits: AdmissionLimits(perBackend: 1)
        ) { bench in
            try await bench.admit("a", backend: "one")
            try await bench.admit("b", backend: "one")
            try await bench.admit("c", backend: "two")
            let claims = try await bench.claim(backends: ["one", "two"])
            try require(claims.map(\.environment.owner.rawValue), is: ["a", "c"], "the owners of granted rows")
        },
        StoreCase(
            .capacity,
            "comes-back",
            "room comes back only when the infrastructure is gone",
            limits: AdmissionLimits(perInstance: 1)
        ) { bench in
            let first = try await bench.readyRow("a")
            let second = try await bench.admit("b")
            try await bench.store.remove(first.id)
            try require(try await bench.claim().count, is: 0, "granted rows while it is there")
            let removal = try await bench.claim(first.id, .collector)
            try await bench.commit(removal, [.abandon])
            try require(try await bench.claim().count, is: 0, "granted rows while it is given up")
            try await bench.commit(removal, [.destroyed(through: 1), .close], releases: true)
            try require(try await bench.claim().map(\.environment.id), is: [second.id], "granted rows when it is gone")
        },
        StoreCase(
            .capacity,
            "of-failed",
            "a failed row has its room until it is destroyed",
            limits: AdmissionLimits(perSource: 1)
        ) { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            try await bench.commit(claim, [.begin(incarnation: 1), bench.failing()])
            let waiting = try await bench.admit("b")
            try require(try await bench.claim().count, is: 0, "granted rows while it is there")
            try await bench.commit(claim, [.destroyed(through: 1)])
            try require(try await bench.claim().map(\.environment.id), is: [waiting.id], "granted rows when it is gone")
        },
        StoreCase(
            .capacity,
            "renewed-rows",
            "what has its room already is given again although there is no more room",
            limits: AdmissionLimits(perInstance: 1)
        ) { bench in
            let row = try await bench.admit("a")
            try await bench.admit("b")
            _ = try await bench.claim(row.id)
            try await bench.pass(StoreBench.lease + .seconds(1))
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "the scheduler's rows")
        },
    ]
}

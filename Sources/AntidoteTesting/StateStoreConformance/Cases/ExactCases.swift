@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let exactCases: [StoreCase] = [
        StoreCase(.exact, "row", "a row with everything in it comes back exactly, to the byte and the microsecond") {
            bench in
            let session = try await bench.session(1, lifetime: .microseconds(123_456_789_123))
            let wanted = try await Exact.fullRow(in: bench, of: session)
            for connection in bench.both {
                let found = try require(try await connection.environment(wanted.id), "the row is not there")
                try Exact.require(found, is: wanted)
                let listed = try await connection.environments(matching: EnvironmentFilter(owner: wanted.owner))
                try Exact.require(try require(listed.first, "the row is not listed"), is: wanted)
            }
            let claims = try await bench.claim(worker: "again")
            try require(claims.count, is: 0, "claims of the row, which is held")
        },
        StoreCase(.exact, "failure", "a failure with a long log and strange texts comes back exactly") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let error = AntidoteError(
                .endpointFailed,
                Exact.text,
                recovery: Exact.text,
                subject: Exact.text,
                logTail: String(repeating: Exact.text + "\n", count: 2000)
            )
            let failed = try await bench.commit(
                claim,
                [.fail(error, generation: 1, keptFor: .microseconds(3_600_000_001))]
            )
            let found = try require(try await bench.other.environment(row.id), "the row is not there")
            try Exact.require(found, is: failed)
            try require(
                Array((found.failure?.logTail ?? "").utf8) == Array((error.logTail ?? "").utf8),
                "the log is another one"
            )
            let events = try await bench.other.events(of: row.id, after: 1)
            try require(events.first?.failure, is: failed.failure, "the failure in the event")
        },
        StoreCase(.exact, "extremes", "the largest numbers and times come back as they are") { bench in
            var request = bench.request("a", idle: .seconds(Int64(1) << 40) + .microseconds(1))
            request.revision = Int(Int32.max)
            request.owner = OwnerID(unchecked: String(repeating: "~", count: 128))
            request.source.name = String(repeating: "n", count: 255)
            let row = try await bench.store.admit(request).environment
            try Exact.require(try await bench.row(row.id), is: row)
            try require(row.request.idleLimit, is: request.idleLimit, "the idle limit")
            try require(row.revision, is: request.revision, "the revision")
            try require(try await bench.claim(.collector).count, is: 0, "claims of a collector")
        },
    ]

    static let troubleCases: [StoreCase] = [
        StoreCase(.trouble, "healthy", "a store that works says so") { bench in
            try await bench.store.checkHealth()
            try await bench.other.checkHealth()
        },
        StoreCase(.trouble, "cancelled", "a call that is cancelled ends soon, and leaves the store usable") { bench in
            for round in 0..<20 {
                let began = bench.time.uptime()
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<10 {
                        let connection = bench.both[index % 2]
                        group.addTask { _ = try? await connection.admit(bench.request("o\(round)-\(index)")) }
                        group.addTask { _ = try? await connection.environments(matching: EnvironmentFilter()) }
                    }
                    group.cancelAll()
                }
                try require(bench.time.uptime() - began < .seconds(20), "cancelled calls went on")
            }
            for connection in bench.both {
                let row = try await connection.admit(bench.request("z")).environment
                try require(try await connection.environment(row.id)?.id, is: row.id, "the row after that")
            }
            let rows = try await bench.store.environments(matching: EnvironmentFilter())
            for row in rows {
                let events = try await bench.store.events(of: row.id, after: 0)
                try require(
                    events.map(\.sequence),
                    is: [1],
                    "the events of \(row.owner): half of a transaction is there"
                )
            }
        },
        StoreCase(.trouble, "deciding", "a decision that is cancelled or refused leaves the row to others") { bench in
            let row = try await bench.admit("a")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await bench.claim(lease: .seconds(60)) }
                group.cancelAll()
            }
            try await bench.pass(.seconds(61))
            try require(try await bench.claim().map(\.environment.id), is: [row.id], "the scheduler's rows")
        },
    ]
}

private enum Exact {
    /// What encoders and databases stumble over.
    static let text = "“ünï” e\u{301} 🐙👩‍👩‍👧 \"q\" 'q' \\ \\n \\u0041 / \t\n\r \u{1} \u{7F} \u{2028} %s $1 {} [] NULL <&>"

    static func require(_ found: Environment, is wanted: Environment) throws {
        try AntidoteTesting.require(found, is: wanted, "the row")
        // Texts are equal by what they show: é is e with an accent.
        for (key, value) in wanted.request.traceContext {
            let other = Array((found.request.traceContext[key] ?? "").utf8)
            try AntidoteTesting.require(other == Array(value.utf8), "\(key) of the trace is another text")
        }
    }

    /// A row that has something in every field.
    static func fullRow(in bench: StoreBench, of session: LiveSession) async throws -> Environment {
        var request = bench.request(
            session.id.rawValue,
            "intro",
            idle: .microseconds(98_765_432_101),
            requiresSession: true
        )
        request.source.version = "v\"1\""
        request.revision = 7
        request.traceContext = [
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "baggage": text, text: "",
            "é": "composed", "long": String(repeating: text, count: 50),
        ]
        let row = try await bench.store.admit(request).environment
        let claim = try await bench.claim(row.id)
        func topology(_ identity: String) -> ProvisionedTopology {
            var topology = bench.built(row)
            topology.endpoints = ["web", "vqfx1", "db"].map { name in
                ProvisionedEndpoint(
                    name: name,
                    identity: "\(name)-\(identity)-\(text)",
                    ports: [
                        ProvisionedPort(
                            number: 22,
                            transport: .tcp,
                            inLab: HostAddress(host: "10.0.0.1", port: 22),
                            forOwner: HostAddress(host: "fd00::1", port: 65_535),
                            forRouter: HostAddress(host: "lab-\(name).example", port: 1)
                        ),
                        ProvisionedPort(number: 53, transport: .udp, inLab: HostAddress(host: name, port: 53)),
                    ]
                )
            }
            return topology
        }
        let error = AntidoteError(.jobFailed, text, disposition: .retry)
        try await bench.commit(
            claim,
            [
                .begin(incarnation: 1), .built(topology("1"), generation: 1, repaired: []),
                .configured(generation: 1),
            ]
        )
        _ = try await bench.store.report(.dead(["web", "db"]), of: row.id, incarnation: 1)
        try await bench.commit(claim, [.built(topology("2"), generation: 1, repaired: ["web"])])
        _ = try await bench.other.change(row.id, toRevision: 8)
        _ = try await bench.store.report(.vanished, of: row.id, incarnation: 1)
        let full = try await bench.commit(
            claim,
            [.retry(after: .microseconds(1_234_567), generation: 2, because: error)]
        )
        try AntidoteTesting.require(full.attempts.restarts.count, is: 3, "endpoints that were replaced")
        try AntidoteTesting.require(
            full.attempts.notBefore != nil && full.provisioned != nil,
            "the case makes no full row"
        )
        try AntidoteTesting.require(
            full.observed.hasVanished && !full.observed.troubled.isEmpty,
            "the case makes no full row"
        )
        return full
    }
}

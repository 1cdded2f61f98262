@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let admitLimitCases: [StoreCase] = [
        StoreCase(
            .admit,
            "per-owner",
            "an owner never has more than it may, whoever asks at once",
            limits: AdmissionLimits(perOwner: 3)
        ) { bench in
            let admitted = try await bench.storm(50, tolerating: [.limitExceeded]) { connection, index in
                _ = try await connection.admit(bench.request("a", "s\(index)"))
            }
            try require(admitted, is: 3, "admitted requests")
            try require(try await bench.store.environments(matching: EnvironmentFilter()).count, is: 3, "rows")
            try await requireError(.limitExceeded, from: "one more") { try await bench.admit("a", "more") }
            try await bench.admit("b")
        },
        StoreCase(
            .admit,
            "per-owner-frees",
            "what an owner cannot get back does not count",
            limits: AdmissionLimits(perOwner: 2)
        ) { bench in
            let first = try await bench.admit("a", "1")
            _ = try await bench.failedRow("a", "2")
            try await bench.admit("a", "3")
            try await requireError(.limitExceeded, from: "a third") { try await bench.admit("a", "4") }
            try await bench.store.remove(first.id)
            try await bench.admit("a", "4")
        },
        StoreCase(
            .admit,
            "per-owner-again",
            "who has all that it may still gets what it has",
            limits: AdmissionLimits(perOwner: 1, queueLength: 1)
        ) { bench in
            let row = try await bench.admit("a")
            try require(try await bench.admit("a").id, is: row.id, "the row")
        },
        StoreCase(
            .admit,
            "per-address",
            "the sessions of an address never have more than they may together",
            limits: AdmissionLimits(perAddress: 4)
        ) { bench in
            var owners: [String] = []
            for token in UInt8(1)...10 {
                owners.append(try await bench.session(token, address: "2001:db8::7").id.rawValue)
            }
            let sessions = owners
            let admitted = try await bench.storm(50, tolerating: [.limitExceeded]) { connection, index in
                _ = try await connection.admit(bench.request(sessions[index % 10], "s\(index)", requiresSession: true))
            }
            try require(admitted, is: 4, "admitted requests")
            let elsewhere = try await bench.session(11, address: "2001:db8::8")
            try await bench.admit(elsewhere.id.rawValue)
            let nowhere = try await bench.session(12)
            try await bench.admit(nowhere.id.rawValue)
        },
        StoreCase(
            .admit,
            "per-address-frees",
            "what is left gives an address its room back",
            limits: AdmissionLimits(perAddress: 2)
        ) { bench in
            let one = try await bench.session(1, address: "192.0.2.1").id.rawValue
            let two = try await bench.session(2, address: "192.0.2.1").id.rawValue
            let first = try await bench.admit(one, "1")
            let failing = try await bench.admit(two, "2")
            try await requireError(.limitExceeded, from: "a third") { try await bench.admit(two, "3") }
            try await bench.store.remove(first.id)
            try await bench.admit(two, "3")
            try await bench.commit(try await bench.claim(failing.id), [bench.failing()], releases: true)
            try await bench.admit(one, "4")
            try await requireError(.limitExceeded, from: "a third") { try await bench.admit(one, "5") }
        },
        StoreCase(
            .admit,
            "queue",
            "the queue is never longer than it may be",
            limits: AdmissionLimits(queueLength: 5)
        ) { bench in
            let admitted = try await bench.storm(50, tolerating: [.queueFull]) { connection, index in
                _ = try await connection.admit(bench.request("o\(index)"))
            }
            try require(admitted, is: 5, "admitted requests")
            let error = try await requireError(.queueFull, from: "one more") { try await bench.admit("z") }
            try require(error.recovery != nil, "the error gives no advice")
        },
        StoreCase(
            .admit,
            "queue-shrinks",
            "what leaves the queue makes room in it",
            limits: AdmissionLimits(perInstance: 1, queueLength: 2)
        ) { bench in
            try await bench.admit("a")
            let second = try await bench.admit("b")
            try await requireError(.queueFull, from: "a third") { try await bench.admit("c") }
            try require(try await bench.claim().count, is: 1, "granted rows")
            try await bench.admit("c")
            try await bench.store.remove(second.id)
            try await bench.admit("d")
            try await requireError(.queueFull, from: "a third") { try await bench.admit("e") }
        },
        StoreCase(.admit, "session-required", "who must have a session and has none is refused") { bench in
            let request = bench.request("nobody", requiresSession: true)
            try await requireError(.sessionEnded, from: "a request without a session") {
                try await bench.store.admit(request)
            }
            let session = try await bench.session()
            let row = try await bench.store.admit(bench.request(session.id.rawValue, requiresSession: true))
            try require(row.isNew, "the request of a session is not new")
        },
        StoreCase(.admit, "session-over", "a session that was ended, or expired, asks for nothing") { bench in
            let ended = try await bench.session(1)
            try await bench.other.endSession(ended.id)
            try await requireError(.sessionEnded, from: "an ended session") {
                try await bench.store.admit(bench.request(ended.id.rawValue, requiresSession: true))
            }
            let expired = try await bench.session(2, lifetime: .seconds(600))
            try await bench.pass(.seconds(601))
            try await requireError(.sessionEnded, from: "an expired session") {
                try await bench.store.admit(bench.request(expired.id.rawValue, requiresSession: true))
            }
        },
        StoreCase(.admit, "session-bounds", "a row lives no longer than its owner's session") { bench in
            let session = try await bench.session(lifetime: .seconds(7200))
            let row = try await bench.admit(session.id.rawValue, idle: .seconds(100_000))
            try require(row.desired.sessionEndsAt, is: session.endsAt, "the end of the session on the row")
            try require(row.expiresAt, is: session.endsAt, "the expiry of the row")
        },
    ]
}

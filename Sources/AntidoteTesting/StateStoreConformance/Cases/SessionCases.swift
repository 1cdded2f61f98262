@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let sessionCases: [StoreCase] = [
        StoreCase(.sessions, "token", "a session is found by its token, and by its id") { bench in
            let one = try await bench.session(1, lifetime: .seconds(5000))
            let two = try await bench.session(2)
            try require(
                try await bench.other.session(withToken: bench.digest(1)),
                is: one,
                "the session of the first token"
            )
            try require(
                try await bench.store.session(withToken: bench.digest(2)),
                is: two,
                "the session of the second token"
            )
            try require(try await bench.other.session(one.id), is: one, "the session of an id")
            try require(one.id != two.id, "two sessions have one id")
        },
        StoreCase(.sessions, "unknown", "no session has a token that was never given") { bench in
            _ = try await bench.session(1)
            for token in [bench.digest(2), TokenDigest(bytes: []), TokenDigest(bytes: [1]), TokenDigest(bytes: [0])] {
                try require(
                    try await bench.store.session(withToken: token),
                    is: nil,
                    "the session of \(token.bytes.count) bytes"
                )
            }
            try require(try await bench.store.session(OwnerID(unchecked: "nobody")), is: nil, "the session of no id")
        },
        StoreCase(.sessions, "as-asked", "a session has the lifetime and the identity that it was opened with") {
            bench in
            let identity = OutsideIdentity(provider: "moodle", subject: "zoë \"o'brien\" 🐙\\")
            let request = SessionRequest(
                tokenDigest: bench.digest(1),
                lifetime: .seconds(86_400),
                address: "192.0.2.1",
                identity: identity
            )
            let session = try await bench.store.openSession(request)
            try require(session.identity, is: identity, "the identity")
            try require(session.endsAt, is: session.createdAt + .seconds(86_400), "the end")
            try require(!session.isPersistent, "it is persistent")
            try require(try await bench.other.session(session.id), is: session, "the stored session")
            try require(try await bench.session(2).endsAt, is: nil, "the end of a session without one")
        },
        StoreCase(.sessions, "expiry", "a session that expired is not found by its token, nor listed") { bench in
            let session = try await bench.session(1, lifetime: .seconds(1000))
            let other = try await bench.session(2)
            try await bench.pass(.seconds(700))
            try require(
                try await bench.store.session(withToken: bench.digest(1)),
                is: session,
                "the session before its end"
            )
            try await bench.pass(.seconds(301))
            try require(try await bench.store.session(withToken: bench.digest(1)), is: nil, "the session after its end")
            try require(try await bench.store.sessions(limit: 10), is: [other], "the sessions")
            try await requireError(.notFound, from: "making it persistent") {
                try await bench.store.setPersistent(true, session: session.id)
            }
        },
        StoreCase(.sessions, "list", "sessions are listed, oldest first, as many as were asked for") { bench in
            var sessions: [LiveSession] = []
            for token in UInt8(1)...5 {
                sessions.append(try await bench.session(token))
                try await bench.pass(.seconds(1))
            }
            try await bench.store.endSession(sessions.remove(at: 1).id)
            try require(try await bench.other.sessions(limit: 100), is: sessions, "all")
            try require(try await bench.store.sessions(limit: 2), is: Array(sessions[..<2]), "the first two")
        },
        StoreCase(
            .sessions,
            "per-address",
            "an address never has more sessions than it may, whoever asks at once",
            limits: AdmissionLimits(sessionsPerAddress: 3)
        ) { bench in
            let opened = try await bench.storm(50, tolerating: [.limitExceeded]) { connection, index in
                let token = TokenDigest(bytes: Array(repeating: UInt8(index), count: 32))
                _ = try await connection.openSession(SessionRequest(tokenDigest: token, address: "2001:db8::7"))
            }
            try require(opened, is: 3, "opened sessions")
            try require(try await bench.store.sessions(limit: 100).count, is: 3, "sessions")
            _ = try await bench.session(101, address: "2001:db8::8")
            for token in UInt8(102)...107 { _ = try await bench.session(token) }
        },
        StoreCase(
            .sessions,
            "per-address-frees",
            "a session that is over does not count against its address",
            limits: AdmissionLimits(sessionsPerAddress: 2)
        ) { bench in
            let first = try await bench.session(1, address: "192.0.2.1")
            _ = try await bench.session(2, lifetime: .seconds(600), address: "192.0.2.1")
            try await requireError(.limitExceeded, from: "a third") { try await bench.session(3, address: "192.0.2.1") }
            try await bench.store.endSession(first.id)
            _ = try await bench.session(4, address: "192.0.2.1")
            try await bench.pass(.seconds(601))
            _ = try await bench.session(5, address: "192.0.2.1")
            try await requireError(.limitExceeded, from: "a third") { try await bench.session(6, address: "192.0.2.1") }
        },
        StoreCase(.sessions, "address-hidden", "nothing that is answered tells the address of a session") { bench in
            let address = "198.51.100.77"
            let session = try await bench.session(1, lifetime: .seconds(600), address: address)
            let admission = try await bench.store.admit(bench.request(session.id.rawValue, requiresSession: true))
            let claims = try await bench.claim()
            let changed = try await bench.store.setPersistent(true, session: session.id)
            try await bench.store.endSession(session.id)
            let told: [Any] = [
                session, admission, claims, changed, try await bench.store.sessions(limit: 10),
                try await bench.store.session(session.id) as Any,
                try await bench.store.environments(matching: EnvironmentFilter()),
                try await bench.store.events(matching: EventFilter()),
            ]
            for answer in told {
                var text = ""
                dump(answer, to: &text)
                try require(!text.contains(address), "the address is in \(text.prefix(2000))")
            }
        },
    ]

    static let sessionEndCases: [StoreCase] = [
        StoreCase(.sessions, "end", "a session that ends takes everything of it along, and nothing else") { bench in
            let session = try await bench.session(1)
            let owner = session.id.rawValue
            let ready = try await bench.readyRow(owner, "x")
            let failed = try await bench.failedRow(owner, "z")
            let rows = [ready, try await bench.admit(owner, "y")]
            let other = try await bench.admit("b")
            try await bench.other.endSession(session.id)
            try require(try await bench.store.session(withToken: bench.digest(1)), is: nil, "the session of the token")
            for row in rows + [failed] {
                let now = try await bench.row(row.id)
                try require(now.wanted, is: .absent, "what is wanted of \(row.source)")
                try require(now.phase, is: .deleting, "the phase of \(row.source)")
            }
            try require(try await bench.row(other.id), is: other, "the row of another owner")
            try require(try await bench.claim(.collector).count, is: 3, "the collector's rows")
        },
        StoreCase(.sessions, "end-again", "a session that is over already, or was never there, is ended with success") {
            bench in
            let session = try await bench.session(1)
            let row = try await bench.admit(session.id.rawValue)
            try await bench.store.endSession(session.id)
            let removed = try await bench.row(row.id)
            try require(removed.wanted, is: .absent, "what is wanted of its row")
            try await bench.other.endSession(session.id)
            try require(try await bench.row(row.id), is: removed, "the row after the second end")
            try await bench.store.endSession(OwnerID(unchecked: "nobody"))
        },
        StoreCase(.sessions, "persistent", "a persistent session is exempt from every expiry, with all that it has") {
            bench in
            let session = try await bench.session(1, lifetime: .seconds(1000))
            let owner = session.id.rawValue
            let before = try await bench.admit(owner, "x", idle: .seconds(600))
            let changed = try await bench.other.setPersistent(true, session: session.id)
            try require(changed.isPersistent, "the answer does not say so")
            try require(changed.expiresAt, is: nil, "the session's expiry")
            try require(try await bench.row(before.id).expiresAt, is: nil, "the expiry of what it has")
            try await bench.pass(.seconds(100_000))
            try require(
                try await bench.store.session(withToken: bench.digest(1)),
                is: changed,
                "the session much later"
            )
            try require(try await bench.claim(.collector).count, is: 0, "the collector's rows")
            let after = try await bench.store.admit(
                bench.request(owner, "y", idle: .seconds(600), requiresSession: true)
            )
            try require(after.environment.expiresAt, is: nil, "the expiry of what it asks for then")
        },
        StoreCase(
            .sessions,
            "persistent-no-more",
            "a session that is not persistent any more expires again, with all that it has"
        ) {
            bench in
            let session = try await bench.session(1, lifetime: .seconds(9000))
            let row = try await bench.admit(session.id.rawValue, idle: .seconds(50_000))
            _ = try await bench.store.setPersistent(true, session: session.id)
            let changed = try await bench.store.setPersistent(false, session: session.id)
            try require(changed, is: session, "the session")
            try require(try await bench.row(row.id).expiresAt, is: session.endsAt, "the expiry of what it has")
            try await bench.pass(.seconds(9001))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
        StoreCase(.sessions, "persistent-end", "a persistent session can be ended, and is over then") { bench in
            let session = try await bench.session(1, lifetime: .seconds(9000))
            let row = try await bench.admit(session.id.rawValue)
            _ = try await bench.store.setPersistent(true, session: session.id)
            try await bench.store.endSession(session.id)
            try require(try await bench.store.session(withToken: bench.digest(1)), is: nil, "the session of the token")
            try require(try await bench.row(row.id).wanted, is: .absent, "what is wanted of its row")
            for id in [session.id, OwnerID(unchecked: "nobody")] {
                let error = try await requireError(.notFound, from: "making \(id) persistent") {
                    try await bench.store.setPersistent(true, session: id)
                }
                try require(error.recovery != nil, "the error gives no advice")
            }
        },
    ]
}

import AntidoteCore
import NATSEvents
import Testing

@Suite("Who connects, and to whom", .timeLimit(.minutes(1)))
struct ConnectTests {
    @Test(arguments: [
        NATSCredentials.user("antidote", password: Secret("open barley")),
        .user("nobody", password: Secret("open sesame")),
        .token(Secret("open sesame")),
    ])
    func whoIsNotKnownIsToldAtOnce(_ credentials: NATSCredentials) async throws {
        let server = try await NATSServer.started()
        let log = BusLog()
        let bus = try NATSEventBus(.test(server.url(), as: credentials), logger: log.logger)
        let refusal = try await error(.busDenied) { try await bus.connect() }
        #expect(refusal.message == "the NATS server refused the credentials")
        #expect(refusal.subject == server.url())
        // It is not tried again by itself, and nothing works; a better reason is not found.
        let after = try await error(.busUnavailable) { try await bus.publish(message("a")) }
        #expect(after.message.contains("refused the credentials"))
        _ = try await error(.busDenied) { try await bus.connect() }
        #expect(!log.text.contains("open "), "\(log.text)")
        await bus.close()
    }

    @Test func aTokenWillDo() async throws {
        let server = try await NATSServer.started(#"authorization { token: "open sesame" }"#)
        try await withBus(.test(server.url(), as: .token(Secret("open sesame")))) { try await $0.publish(message("a")) }
        let bus = try NATSEventBus(.test(server.url(), as: .token(Secret("other"))), logger: .silent)
        _ = try await error(.busDenied) { try await bus.connect() }
    }

    @Test func anNKeyWillDo() async throws {
        let folder = try TemporaryFolder()
        let (user, stranger) = (try NKey(.user), try NKey(.user))
        let server = try await NATSServer.started(#"authorization { users: [ { nkey: "\#(user.publicKey)" } ] }"#)
        let seed = try folder.write("seed.nk", user.seed)
        try await withBus(.test(server.url(), as: .nkey(publicKey: user.publicKey, seedFile: seed))) {
            try await $0.publish(message("a"))
        }
        let other = try folder.write("other.nk", stranger.seed)
        for publicKey in [user.publicKey, stranger.publicKey] {
            let configuration = NATSConfiguration.test(server.url(), as: .nkey(publicKey: publicKey, seedFile: other))
            let bus = try NATSEventBus(configuration, logger: .silent)
            let refusal = try await error(.busDenied) { try await bus.connect() }
            #expect(!refusal.debugDescription.contains(stranger.seed))
        }
    }

    @Test func aCredentialsFileWillDo() async throws {
        let accounts = try JWTAccounts()
        let server = try await NATSServer.started(accounts.serverSettings)
        let folder = try TemporaryFolder()
        let file = try folder.write("bus.creds", try accounts.credentials(for: NKey(.user)))
        try await withBus(.test(server.url(), as: .credentialsFile(file))) { try await $0.publish(message("a")) }
        // Of a user whose account the server does not know.
        let strange = try folder.write("strange.creds", try JWTAccounts().credentials(for: NKey(.user)))
        let bus = try NATSEventBus(.test(server.url(), as: .credentialsFile(strange)), logger: .silent)
        _ = try await error(.busDenied) { try await bus.connect() }
        let empty = try folder.write("empty.creds", "nothing\n")
        let other = try NATSEventBus(.test(server.url(), as: .credentialsFile(empty)), logger: .silent)
        await #expect(throws: AntidoteError.self) { try await other.connect() }
    }

    @Test func whoIsAwayIsTriedAgainUntilHeIsThere() async throws {
        let server = try await NATSServer.started()
        await server.stop()
        let bus = try NATSEventBus(.test(server.url()), logger: .silent)
        let away = try await error(.busUnavailable) { try await bus.connect() }
        #expect(away.subject == server.url())
        _ = try await error(.busUnavailable) { try await bus.checkHealth() }
        try await server.start()
        try await publish(message("a"), whenThereOn: bus)
        try await bus.checkHealth()
        await bus.close()
    }

    @Test func anyOfSeveralServersWillDo() async throws {
        let (server, other) = (try await NATSServer.started(), try await NATSServer.started())
        await other.stop()
        for _ in 1...5 {
            try await withBus(.test(other.url(), server.url())) { try await $0.publish(message("a")) }
        }
        // And when the one that is used goes, the other.
        try await withBus(.test(other.url(), server.url())) { bus in
            try await other.start()
            await server.stop()
            try await publish(message("a"), whenThereOn: bus)
        }
    }

    private static let nonsense: [[UInt8]] = [
        [], Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), Array("INFO nonsense\r\n".utf8),
        Array("-ERR 'go away'\r\n".utf8),
        [UInt8](repeating: 0xFF, count: 100_000),
        Array("INFO {".utf8) + [UInt8](repeating: 0x5B, count: 60_000) + [13, 10],
        Array(FalseServer.greeting.utf8), Array((FalseServer.greeting + "-ERR\r\n").utf8),
        Array((FalseServer.greeting + "MSG a 1 99999999999\r\n").utf8),
    ]

    @Test(arguments: nonsense.indices)
    func whoTalksNonsenseIsGivenUpInTime(_ index: Int) async throws {
        let server = try FalseServer(saying: Self.nonsense[index])
        let bus = try NATSEventBus(.test("nats://127.0.0.1:\(server.port)"), logger: .silent)
        let began = ContinuousClock.now
        await #expect(throws: AntidoteError.self) { try await bus.connect() }
        #expect(began.duration(to: .now) < .seconds(10))
        _ = try await error(.busUnavailable) { try await bus.publish(message("a")) }
        #expect(await bus.close())
    }

    /// libnats waits for such a server without end; the bus does not, and goes on trying others.
    @Test func whoFallsSilentHoldsNobodyUp() async throws {
        let silent = try FalseServer(saying: Array(FalseServer.greeting.utf8))
        let server = try await NATSServer.started()
        let address = "nats://127.0.0.1:\(silent.port)"
        let bus = try NATSEventBus(.test(address), logger: .silent)
        let late = try await error(.busUnavailable) { try await bus.connect() }
        #expect(late.message == "the NATS server did not answer in time")
        for _ in 1...4 { _ = try await error(.busUnavailable) { try await bus.connect() } }
        #expect(silent.connections <= 3)
        await bus.close()
        let other = try NATSEventBus(.test(address, server.url()), logger: .silent)
        try await other.connect()
        try await other.publish(message("a"))
        await other.close()
    }
}

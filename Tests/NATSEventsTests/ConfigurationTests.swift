import AntidoteCore
import Testing

@testable import NATSEvents

@Suite("What the settings may be")
struct ConfigurationTests {
    private func refusal(_ configuration: NATSConfiguration) async throws -> AntidoteError {
        try await error(.configurationInvalid) { _ = try NATSEventBus(configuration, logger: .silent) }
    }

    @Test func withoutCredentialsItDoesNotStart() async throws {
        let error = try await refusal(.test("nats://localhost", as: nil))
        #expect(error.message == "there are no credentials for NATS")
        #expect(try #require(error.recovery).contains("token"))
    }

    @Test(arguments: [
        NATSCredentials.user("", password: Secret("open sesame")), .user("antidote", password: Secret("")),
        .user("antidote", password: Secret("open\nsesame")), .user("a\u{0}b", password: Secret("open sesame")),
        .token(Secret("")), .token(Secret("open sesame\u{7F}")), .credentialsFile(""),
        .credentialsFile("/nowhere/bus.creds"), .nkey(publicKey: "SUopensesame", seedFile: "/dev/null"),
        .nkey(publicKey: "U" + String(repeating: "A", count: 55), seedFile: "/nowhere/seed"),
        .nkey(publicKey: "U" + String(repeating: "1", count: 55), seedFile: "/dev/null"),
    ])
    func credentialsThatCannotBe(_ credentials: NATSCredentials) async throws {
        _ = try await refusal(.test("nats://localhost", as: credentials))
    }

    @Test(arguments: [
        "nats://antidote:sesame@localhost:4222", "nats://sesame@localhost", "antidote:sesame@localhost",
        "http://localhost",
        "nats://", "nats://:4222", "nats://localhost:", "nats://localhost:0", "nats://localhost:65536",
        "nats://localhost:sesame", "nats://local host", "nats://local\nhost", "nats://localhost/sesame",
        "nats://localhost?sesame", "nats://::1:4222", "nats://[::1", "nats://[::1]x", "",
    ])
    func addressesThatCannotBe(_ address: String) async throws { _ = try await refusal(.test(address)) }

    @Test(arguments: [
        ("localhost", "nats://localhost:4222"), ("nats://localhost", "nats://localhost:4222"),
        ("tls://bus.example:7777/", "tls://bus.example:7777"), ("nats://[::1]:1", "nats://[::1]:1"),
        ("nats://10.0.0.1", "nats://10.0.0.1:4222"),
    ])
    func addresses(_ text: String, _ meant: String) throws {
        #expect(try ServerAddress(parsing: text).description == meant)
    }

    @Test func noServersAreNoSettings() async throws {
        _ = try await error(.configurationInvalid) {
            _ = try NATSEventBus(NATSConfiguration(servers: [], credentials: .token(Secret("x"))), logger: .silent)
        }
    }

    @Test func oneEncryptedServerEncryptsAll() throws {
        let configuration = NATSConfiguration.test("nats://a", "tls://b")
        #expect(configuration.isEncrypted(try configuration.validated()))
        let plain = NATSConfiguration.test("nats://a", "nats://b")
        #expect(!plain.isEncrypted(try plain.validated()))
    }

    @Test func halfACertificateIsNone() async throws {
        _ = try await refusal(.test("tls://a", tls: NATSTLS(certificateFile: "/dev/null")))
        _ = try await refusal(.test("tls://a", tls: NATSTLS(keyFile: "/dev/null")))
        _ = try await refusal(.test("tls://a", tls: NATSTLS(authorityFile: "/nowhere/ca.pem")))
    }

    @Test func limitsThatCannotBe() async throws {
        _ = try await refusal(.test("nats://a") { $0.operationTimeout = .zero })
        _ = try await refusal(.test("nats://a") { $0.limits.payloadBytes = .max })
        _ = try await refusal(.test("nats://a") { $0.limits.pendingMessages = 0 })
        _ = try await refusal(.test("nats://a") { $0.clientName = "a\r\nb" })
    }

    @Test func settingsKeepTheirSecrets() {
        let configuration = NATSConfiguration.test("nats://localhost")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("sesame") && !"\(configuration)".contains("sesame"))
    }
}

@Suite("Pauses between tries to connect")
struct ReconnectPauseTests {
    @Test func growToTheLongestAndDiffer() {
        var pause = ReconnectPause(.milliseconds(100)...(.seconds(1)))
        #expect(
            (0..<6).map { _ in pause.next(random: 1) } == [100, 200, 400, 800, 1000, 1000].map(Duration.milliseconds)
        )
        #expect(pause.next(random: 0) == .milliseconds(500))
        for _ in 0..<100 { #expect(pause.next(random: 0.5) <= .seconds(1)) }
        pause.reset()
        #expect(pause.next(random: 1) == .milliseconds(100))
    }
}

@Suite("What lies between the library and a subscriber", .timeLimit(.minutes(1)))
struct InboxTests {
    @Test func losesTheOldestByCount() async {
        let inbox = Inbox(maximumMessages: 3, maximumBytes: 1 << 20)
        #expect((0..<10).map { inbox.offer(message("a", "\($0)")) } == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
        inbox.finish()
        #expect(await texts(inbox) == ["7", "8", "9"])
    }

    @Test func losesTheOldestByBytes() async {
        let inbox = Inbox(maximumMessages: 100, maximumBytes: 1000)
        for number in 0..<3 { _ = inbox.offer(message("a", "\(number)")) }
        #expect(inbox.offer(BusMessage(subject: "a", payload: .init(repeating: 65, count: 5000))) == 3)
        #expect(inbox.offer(message("a", "last")) == 1)
        inbox.finish()
        #expect(await texts(inbox) == ["last"])
    }

    @Test func aClosedOneGivesAndTakesNothing() async {
        let inbox = Inbox(maximumMessages: 3, maximumBytes: 1000)
        _ = inbox.offer(message("a"))
        inbox.close()
        #expect(inbox.offer(message("a")) == 0)
        #expect(await texts(inbox) == [])
    }

    @Test func aReaderThatWaitsIsGivenWhatComes() async {
        let inbox = Inbox(maximumMessages: 3, maximumBytes: 1000)
        async let heard = texts(inbox)
        for number in 0..<2000 {
            while inbox.offer(message("a", "\(number)")) > 0 {}
            await Task.yield()
        }
        inbox.finish()
        let numbers = await heard.compactMap(Int.init)
        #expect(numbers == numbers.sorted() && numbers.last == 1999)
    }

    @Test func aReaderThatIsCancelledEnds() async {
        let inbox = Inbox(maximumMessages: 3, maximumBytes: 1000)
        let task = Task { await texts(inbox) }
        task.cancel()
        #expect(await task.value == [])
    }

    private func texts(_ inbox: Inbox) async -> [String] {
        var texts: [String] = []
        for await message in inbox.stream { texts.append(String(decoding: message.payload, as: UTF8.self)) }
        return texts
    }
}

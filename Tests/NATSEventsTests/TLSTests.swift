import AntidoteCore
import NATSEvents
import Testing

@Suite("Encryption", .timeLimit(.minutes(1)))
struct TLSTests {
    let certificates: Certificates

    init() throws { certificates = try Certificates() }

    private func server(_ name: String = "localhost", verifying: Bool = false) async throws -> NATSServer {
        let certificates = certificates
        return try await NATSServer.started(
            """
            \(NATSServer.userAndPassword)
            tls {
                cert_file: "\(certificates.certificate(name))"
                key_file: "\(certificates.key(name))"
                ca_file: "\(certificates.authority)"
                verify: \(verifying)
            }
            """
        )
    }

    private var trusting: NATSTLS { NATSTLS(authorityFile: certificates.authority) }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aServerWithTheRightNameIsTrusted(_ host: String) async throws {
        let server = try await server()
        try await withBus(.test(server.url("tls", host: host), tls: trusting)) { try await $0.publish(message("a")) }
        // Whatever the address says: who wants to check the server wants encryption.
        try await withBus(.test(server.url("nats", host: host), tls: trusting)) { try await $0.publish(message("a")) }
    }

    @Test func aServerWithAnotherNameIsNot() async throws {
        let server = try await server("elsewhere")
        let bus = try NATSEventBus(.test(server.url("tls", host: "localhost"), tls: trusting), logger: .silent)
        let refusal = try await error(.busDenied) { try await bus.connect() }
        #expect(refusal.message.contains("hostname mismatch"))
        var careless = trusting
        careless.verifiesServer = false
        try await withBus(.test(server.url("tls"), tls: careless)) { try await $0.publish(message("a")) }
    }

    @Test func aServerOfAnotherAuthorityIsNot() async throws {
        let server = try await server()
        for tls in [NATSTLS(authorityFile: certificates.otherAuthority), NATSTLS()] {
            let bus = try NATSEventBus(.test(server.url("tls", host: "localhost"), tls: tls), logger: .silent)
            _ = try await error(.busDenied) { try await bus.connect() }
        }
    }

    @Test func aServerThatDoesNotEncryptIsNot() async throws {
        let server = try await NATSServer.started()
        let bus = try NATSEventBus(.test(server.url("tls"), tls: trusting), logger: .silent)
        let refusal = try await error(.busDenied) { try await bus.connect() }
        #expect(refusal.message == "the NATS server does not encrypt")
    }

    @Test func aServerMayWantToKnowTheClientsCertificate() async throws {
        let server = try await server(verifying: true)
        var known = trusting
        known.certificateFile = certificates.certificate("client")
        known.keyFile = certificates.key("client")
        try await withBus(.test(server.url("tls"), tls: known)) { try await $0.publish(message("a")) }
        let bus = try NATSEventBus(.test(server.url("tls"), tls: trusting), logger: .silent)
        await #expect(throws: AntidoteError.self) { try await bus.connect() }
        await bus.close()
    }

    @Test func aCertificateThatIsNoneIsAnErrorOfTheSettings() async throws {
        let server = try await server()
        let folder = try TemporaryFolder()
        let nonsense = try folder.write("nonsense.pem", "nonsense")
        for tls in [NATSTLS(authorityFile: nonsense), NATSTLS(certificateFile: nonsense, keyFile: nonsense)] {
            let bus = try NATSEventBus(.test(server.url("tls"), tls: tls), logger: .silent)
            _ = try await error(.configurationInvalid) { try await bus.connect() }
        }
    }

    /// Says that it encrypts, and then nothing: libnats would wait for ever.
    @Test func whoFallsSilentInTheHandshakeIsGivenUp() async throws {
        let greeting = FalseServer.greeting.replacing("{", with: #"{"tls_required":true,"#)
        let silent = try FalseServer(saying: Array(greeting.utf8))
        let bus = try NATSEventBus(.test("tls://127.0.0.1:\(silent.port)", tls: trusting), logger: .silent)
        let began = ContinuousClock.now
        _ = try await error(.busUnavailable) { try await bus.connect() }
        #expect(began.duration(to: .now) < .seconds(10))
        #expect(await bus.close())
    }
}

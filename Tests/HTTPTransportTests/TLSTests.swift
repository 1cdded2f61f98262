import Foundation
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(2))) struct TLSTests {
    @Test func certificatesOfBothSidesAreChecked() async throws {
        let bench = try TLSBench()
        defer { bench.stop() }

        func code(_ settings: TLSSettings, host: String = "localhost") async throws -> HTTPTransportError.Code? {
            let client = try HTTPClient(
                configuration: HTTPClientConfiguration(base: .tls(host: host, port: bench.port, settings))
            )
            do {
                let answer1 = try await client.execute(HTTPRequest(.get, "/"))
                #expect(answer1.status == 200)
                return nil
            } catch let error as HTTPTransportError {
                #expect(!error.description.contains("PRIVATE KEY"))
                return error.code
            }
        }

        let authority = try bench.pem("ca.crt")
        let certificate = try bench.pem("client.crt")
        let key = try bench.pem("client.key")
        let good = TLSSettings(authorities: authority, clientCertificate: certificate, clientKey: key)
        #expect(try await code(good) == nil)

        var settings = good
        settings.authorities = nil
        #expect(try await code(settings) == .tls)
        settings.verifiesServer = false
        #expect(try await code(settings) == nil)

        // The server's certificate is for localhost only.
        #expect(try await code(good, host: "127.0.0.1") == .tls)

        settings = good
        settings.clientCertificate = nil
        settings.clientKey = nil
        #expect(try await code(settings) == .tls)

        settings = good
        settings.clientKey = try bench.pem("ca.key")
        #expect(try await code(settings) == .tls)
        settings.clientKey = Array("not a key".utf8)
        #expect(try await code(settings) == .tls)
        settings = good
        settings.authorities = Array("not a certificate".utf8)
        #expect(try await code(settings) == .tls)
    }
}

/// Certificates of an own authority, and `openssl s_server` that demands one of the client.
private final class TLSBench {
    struct Failure: Error {
        let arguments: [String]
    }

    let port: Int
    private let folder: String
    private let server = Process()

    init() throws {
        folder = try TestFolder.make()
        try Self.openssl(
            in: folder,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.crt"
        )
        for name in ["server", "client"] {
            try Self.openssl(
                in: folder,
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=\(name)",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                "\(name).key",
                "-out",
                "\(name).csr"
            )
            try Self.openssl(
                in: folder,
                "x509",
                "-req",
                "-in",
                "\(name).csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-copy_extensions",
                "copy",
                "-out",
                "\(name).crt"
            )
        }
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "server.crt", "-key", "server.key",
            "-CAfile", "ca.crt", "-Verify", "1", "-verify_return_error", "-www",
        ]
        server.currentDirectoryURL = URL(fileURLWithPath: folder)
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        server.standardInput = FileHandle.nullDevice
        try server.run()
        // "ACCEPT 127.0.0.1:41234"
        var said = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(arguments: ["s_server"]) }
            said += String(decoding: data, as: UTF8.self)
            guard let line = said.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }), said.hasSuffix("\n")
            else { continue }
            found = line.split(separator: ":").last.flatMap { Int($0) }
        }
        port = found ?? 0
    }

    func pem(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }

    func stop() {
        // Not SIGTERM: the child has the signal mask of a dispatch thread, which blocks it.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    private static func openssl(in folder: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}

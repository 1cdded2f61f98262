@_spi(StoreKit) import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

@Suite("An engine over TCP, with TLS on both sides")
struct SecureEngineTests {
    @Test("it is found by DOCKER_HOST and its certificates, and answers")
    func answers() async throws {
        try await withSecureEngine { host, folder in
            try await Bench.with { bench in
                _ = try await bench.converge(bench.topology([.idle("box")]))
                var configuration = bench.configuration
                configuration.address = try address(host, certificates: folder.path)
                #expect(configuration.address?.description == "\(host) (TLS)")
                let backend = try DockerBackend(configuration: configuration)
                try await backend.probe()
                let entry = try #require(try await backend.inventory().first)
                #expect(entry.id == bench.id)
                #expect(entry.state == .running)
            }
        }
    }

    @Test("an engine of an authority that is not ours is refused, and so are we without a certificate")
    func refused() async throws {
        try await withSecureEngine { host, folder in
            let stranger = folder.appendingPathComponent("stranger")
            try FileManager.default.createDirectory(at: stranger, withIntermediateDirectories: true)
            try await Self.makeCertificates(in: stranger)
            let anonymous = folder.appendingPathComponent("anonymous")
            try FileManager.default.createDirectory(at: anonymous, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("ca.pem"),
                to: anonymous.appendingPathComponent("ca.pem")
            )
            for certificates in [stranger, anonymous] {
                let configuration = DockerConfiguration(
                    instance: InstanceID(unchecked: "t"),
                    store: RandomSource.system.storeID(),
                    address: try address(host, certificates: certificates.path)
                )
                let backend = try DockerBackend(configuration: configuration)
                let error = await #expect(throws: AntidoteError.self) { try await backend.probe() }
                #expect(error?.message.contains(host) == true)
                let told = "\(certificates.lastPathComponent): \(error?.debugDescription ?? "nothing")"
                #expect(error?.code == .backendRefused, "\(told)")
            }
        }
    }

    private func address(_ host: String, certificates: String) throws -> EngineAddress {
        let environment = ["DOCKER_HOST": host, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": certificates]
        return try EngineDiscovery(environment: environment).address()
    }

    /// A relay that speaks TLS in front of the engine's socket. `body` is given its address, and the folder with the
    /// client's certificates.
    private func withSecureEngine(_ body: (String, URL) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await Self.makeCertificates(in: folder)
            let path = folder.path
            let files = "cert=\(path)/server.pem,key=\(path)/key.pem,cafile=\(path)/ca.pem,verify=1"
            try await HostProgram.with(
                [
                    "socat", "-d", "-d", "OPENSSL-LISTEN:0,bind=127.0.0.1,fork,\(files)",
                    "UNIX-CONNECT:\(try TestEngine.socketPath())",
                ],
                until: "listening on"
            ) { line in
                let port = try #require(line.firstMatch(of: /127\.0\.0\.1:([0-9]+)/)).1
                try await body("tcp://127.0.0.1:\(port)", folder)
            }
        }
    }

    /// An authority, and with one key a certificate for a server at 127.0.0.1 and one for a client.
    private static func makeCertificates(in folder: URL) async throws {
        try await HostProgram.output([
            "sh", "-c",
            """
            set -e; cd "$0"
            new() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
            new authority.key; new key.pem
            openssl req -x509 -key authority.key -subj /CN=authority -days 2 -out ca.pem
            printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth\\n' >server.extensions
            printf 'extendedKeyUsage=clientAuth\\n' >client.extensions
            for role in server client; do
                openssl req -new -key key.pem -subj "/CN=$role" -out $role.request
                openssl x509 -req -in $role.request -CA ca.pem -CAkey authority.key -CAcreateserial -days 2 \\
                    -extfile $role.extensions -out $role.pem
            done
            mv client.pem cert.pem
            """,
            folder.path,
        ])
    }
}

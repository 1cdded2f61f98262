import AntidoteCore
import Foundation
import SecretCanaries
import Testing

@testable import DockerBackend

/// A registry on this machine that wants a name and a password, and has one image, which the engine does not have.
struct PrivateRegistry: Sendable {
    static let username = "reader"
    static let password = Canary.text("registry")

    /// Host and port, as an image's reference begins.
    let host: String
    /// The image, as the registry knows it: `sha256:…`.
    let digest: String
    /// A `DOCKER_CONFIG` with the credentials.
    let configurationDirectory: String

    /// The image by its tag, and by its digest.
    var tagged: String { "\(host)/private/box:1" }
    var pinned: String { "\(host)/private/box@\(digest)" }

    var credential: RegistryCredential {
        RegistryCredential(username: Self.username, password: Secret(Self.password))
    }

    static func with<Result: Sendable>(
        _ body: @Sendable (PrivateRegistry) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            try await HostProgram.output(
                ["sh", "-c", "echo \"$PASSWORD\" | htpasswd -i -B -c \"$FILE\" \"$NAME\""],
                environment: [
                    "FILE": folder.path + "/users", "NAME": username, "PASSWORD": password,
                ]
            )
            let configuration = """
                version: 0.1
                storage: {filesystem: {rootdirectory: "\(folder.path)/data"}}
                http: {addr: "127.0.0.1:0"}
                auth: {htpasswd: {realm: test, path: "\(folder.path)/users"}}
                """
            let file = folder.appendingPathComponent("registry.yml")
            try Data(configuration.utf8).write(to: file)
            return try await HostProgram.with(
                ["docker-registry", "serve", file.path],
                until: "listening on 127.0.0.1:"
            ) { line in
                let host = try #require(line.firstMatch(of: /listening on (127\.0\.0\.1:[0-9]+)/)).1
                return try await filled(String(host), in: folder, body)
            }
        }
    }

    /// Removes the image from the engine, under both of its names.
    func forget() async throws {
        for reference in [tagged, pinned] {
            _ = try? await Self.docker(["image", "rm", "--force", reference], configuration: configurationDirectory)
        }
    }

    /// Puts an image there that shares no layer with any other, so that a pull has something to bring.
    private static func filled<Result: Sendable>(
        _ host: String,
        in folder: URL,
        _ body: @Sendable (PrivateRegistry) async throws -> Result
    ) async throws -> Result {
        let entry = Data("\(username):\(password)".utf8).base64EncodedString()
        try Data(#"{"auths":{"\#(host)":{"auth":"\#(entry)"}}}"#.utf8)
            .write(to: folder.appendingPathComponent("config.json"))
        // The tests' own image, and a layer on it that no other image shares.
        let noise = folder.appendingPathComponent("noise")
        try Data((0..<1_000_000).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max), Array.init) })
            .write(to: noise)
        let tag = "\(host)/private/box:1"
        let container = try await docker(["create", Bench.image.reference], configuration: folder.path)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        do {
            try await docker(["cp", noise.path, "\(container):/noise"], configuration: folder.path)
            try await docker(["commit", container, tag], configuration: folder.path)
            try await docker(["rm", container], configuration: folder.path)
        } catch {
            _ = try? await docker(["rm", "--force", container], configuration: folder.path)
            throw error
        }
        let pushed: String
        do {
            pushed = try await docker(["image", "push", tag], configuration: folder.path)
            try await docker(["image", "rm", "--force", tag], configuration: folder.path)
        } catch {
            _ = try? await docker(["image", "rm", "--force", tag], configuration: folder.path)
            throw error
        }
        let digest = try #require(pushed.firstMatch(of: /digest: (sha256:[0-9a-f]{64})/)).1
        let registry = PrivateRegistry(host: host, digest: String(digest), configurationDirectory: folder.path)
        do {
            let result = try await body(registry)
            try await registry.forget()
            return result
        } catch {
            try await registry.forget()
            throw error
        }
    }

    @discardableResult
    private static func docker(_ arguments: [String], configuration: String) async throws -> String {
        let address = try TestEngine.address().description
        return try await HostProgram.output(["docker", "--config", configuration, "--host", address] + arguments)
    }
}

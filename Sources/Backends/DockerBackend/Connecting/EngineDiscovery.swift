import AntidoteCore
import HTTPTransport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the engine as the Docker command line does: `DOCKER_HOST`, then the context, then the usual sockets.
public struct EngineDiscovery: Sendable {
    let environment: [String: String]
    /// The sockets that engines use, best first.
    var usualSockets: [String]
    /// Whether there is something at a path.
    let exists: @Sendable (String) -> Bool

    /// Looks where these environment variables say, and then in the usual places.
    public init(environment: [String: String]) {
        self.init(environment: environment) { FileManager.default.fileExists(atPath: $0) }
    }

    init(environment: [String: String], exists: @escaping @Sendable (String) -> Bool) {
        self.environment = environment
        self.exists = exists
        usualSockets = Self.usualSockets(environment)
    }

    /// For this process.
    public static func system() -> EngineDiscovery {
        EngineDiscovery(environment: ProcessInfo.processInfo.environment)
    }

    private static func usualSockets(_ environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? "/root"
        var paths = ["/var/run/docker.sock"]
        if let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty { paths.append(runtime + "/docker.sock") }
        return paths + [
            home + "/.docker/run/docker.sock", home + "/.docker/desktop/docker.sock",
            home + "/.colima/default/docker.sock", home + "/.rd/docker.sock", home + "/.orbstack/run/docker.sock",
            home + "/.lima/docker/sock/docker.sock",
        ]
    }

    /// Where the engine should be; it is not asked whether it answers. The first usual socket if there is none.
    ///
    /// Throws `configurationInvalid` for an address or context that cannot be used.
    public func address() throws -> EngineAddress {
        try namedAddress() ?? .unixSocket(path: usualSockets.first(where: exists) ?? "/var/run/docker.sock")
    }

    /// Where somebody said that the engine is, by `DOCKER_HOST` or a context. `nil` if nobody did.
    ///
    /// Throws `configurationInvalid` for an address or context that cannot be used.
    public func namedAddress() throws -> EngineAddress? {
        if let host = environment["DOCKER_HOST"], !host.isEmpty {
            return try Self.parse(host, settings: environmentTLS())
        }
        let directory = DockerConfigFile.directory(environment)
        let named = environment["DOCKER_CONTEXT"].flatMap { $0.isEmpty ? nil : $0 }
        guard let name = try named ?? DockerConfigFile.read(from: directory)?.currentContext, name != "default",
            !name.isEmpty
        else { return nil }
        let context = try DockerContext.find(name, in: directory)
        return try Self.parse(context.host, settings: context.settings)
    }

    private func environmentTLS() throws -> TLSSettings? {
        let verify = environment["DOCKER_TLS_VERIFY"].map { !$0.isEmpty } ?? false
        let directory = environment["DOCKER_CERT_PATH"].flatMap { $0.isEmpty ? nil : $0 }
        guard verify || directory != nil else { return nil }
        let place = directory ?? DockerConfigFile.directory(environment)
        guard let settings = TLSFiles.read(from: place, verifiesServer: verify) else {
            throw AntidoteError(
                .configurationInvalid,
                "there are no certificates in \(place)",
                recovery: "Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem."
            )
        }
        return settings
    }

    static func parse(_ text: String, settings: TLSSettings?) throws -> EngineAddress {
        // Who writes a name and a password into an address does not want to read them in an error.
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let shown = text.lastIndex(of: "@").map { text[..<min(start, $0)] + "…" + text[$0...] } ?? text[...]
        func refuse(_ advice: String) -> AntidoteError {
            AntidoteError(
                .configurationInvalid,
                "“\(shown.prefix(200))” is not an engine's address that can be used",
                recovery: advice
            )
        }
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/") else { throw refuse("Write unix:///path/to/docker.sock.") }
            return .unixSocket(path: path)
        }
        if text.hasPrefix("ssh://") || text.hasPrefix("npipe://") {
            throw refuse("Forward the engine's socket to this machine, and name it as unix:///path.")
        }
        guard let scheme = ["tcp://", "https://", "http://"].first(where: text.hasPrefix) else {
            throw refuse("Write unix:///path or tcp://host:port.")
        }
        guard !text.contains("@") else { throw refuse("Engines take no name and password: use TLS certificates.") }
        let rest = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false).first ?? ""
        var host = rest
        var port = settings == nil && scheme != "https://" ? 2375 : 2376
        // The colons of an IPv6 address are between brackets.
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else {
                throw refuse("Its port is not a number from 1 to 65535.")
            }
            port = number
            host = rest[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw refuse("Write tcp://host:port.") }
        if let settings { return .tls(host: String(host), port: port, settings) }
        if scheme == "https://" { return .tls(host: String(host), port: port, TLSSettings()) }
        return .tcp(host: String(host), port: port)
    }
}

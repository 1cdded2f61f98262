import Foundation
import HostPrograms

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A real nats-server with a folder of its own. It is gone when this is, and when the tests' process dies.
final class NATSServer: Sendable {
    let directory: TemporaryFolder
    private let server: BusServer

    private init(_ settings: (TemporaryFolder) -> String) throws {
        directory = try TemporaryFolder()
        let lines = "write_deadline: \"2s\"\n\(settings(directory))"
        server = try BusServer(folder: directory.path, password: "", settings: lines)
    }

    /// Starts one on a port that is free, with these lines in its settings.
    static func started(_ settings: (TemporaryFolder) -> String) async throws -> NATSServer {
        let server = try NATSServer(settings)
        try await server.start()
        return server
    }

    static func started(_ settings: String = NATSServer.userAndPassword) async throws -> NATSServer {
        try await started { _ in settings }
    }

    static let userAndPassword = #"authorization { user: "antidote", password: "open sesame" }"#

    var port: Int { server.port }

    func url(_ scheme: String = "nats", host: String = "127.0.0.1") -> String { "\(scheme)://\(host):\(port)" }

    /// Returns when it takes connections; on the same port as before.
    func start(_ other: String? = nil) async throws { try await server.start(other) }

    /// At once, and without a word.
    func stop() async { await server.stop() }

    /// It is there, and answers nobody, from when this returns.
    func freeze() { server.freeze() }

    /// Breaks every connection that this process has to it.
    func cutConnections() {
        for descriptor in Int32(3)..<1024 where RawClient.peerPort(of: descriptor) == port {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }
}

/// A folder that is gone when nobody has it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/nats-\(UUID().uuidString)"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: attributes)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A private nats-server with credentials that can go and come back.
package final class BusServer: Sendable {
    package static let user = "antidote"

    package let port: Int
    package let password: String
    private let folder: String
    private let child = Mutex<Child?>(nil)

    /// Does not start it.
    package init(folder: String, password: String) throws {
        self.folder = folder
        self.password = password
        port = try Loopback.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = """
            host: 127.0.0.1
            port: \(port)
            authorization { user: "\(Self.user)", password: "\(password)" }
            """
        try settings.write(toFile: folder + "/nats.conf", atomically: true, encoding: .utf8)
    }

    package var url: String { "nats://127.0.0.1:\(port)" }

    func url(through proxy: Proxy) -> String { "nats://127.0.0.1:\(proxy.port)" }

    package func start() throws {
        let started = try Child(["nats-server", "-c", folder + "/nats.conf"], log: folder + "/nats.log")
        child.withLock { $0 = started }
    }

    /// At once, and without a word.
    package func stop() async {
        let running = child.withLock { child in
            defer { child = nil }
            return child
        }
        running?.send(SIGKILL)
        _ = await running?.end()
    }

    /// It is there, and answers nobody.
    func freeze() { child.withLock { $0?.send(SIGSTOP) } }

    func thaw() { child.withLock { $0?.send(SIGCONT) } }
}

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A private nats-server that can go and come back on its port, and ends with this process.
package final class BusServer: Sendable {
    package static let user = "antidote"

    package let port: Int
    package let password: String
    private let folder: String
    private let settings: String
    private let program = Mutex<ChildProgram?>(nil)

    /// Does not start it.
    ///
    /// - Parameters:
    ///   - folder: Where it keeps what it prints.
    ///   - settings: Lines of its settings; `nil`: ``user`` and `password` are asked for.
    package init(folder: String, password: String, settings: String? = nil) throws {
        self.folder = folder
        self.password = password
        self.settings = settings ?? "authorization { user: \"\(Self.user)\", password: \"\(password)\" }"
        port = try Loopback.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    package var url: String { "nats://127.0.0.1:\(port)" }

    /// The server's process, while there is one.
    package var pid: Int32? { program.withLock { $0?.pid } }

    /// What it printed.
    package var log: String { (try? String(contentsOfFile: folder + "/nats.log", encoding: .utf8)) ?? "" }

    /// Returns when it takes connections.
    ///
    /// - Parameter other: Lines of settings instead of those that it was made with.
    package func start(_ other: String? = nil) async throws {
        let file = folder + "/nats.conf"
        try "host: 127.0.0.1\nport: \(port)\n\(other ?? settings)\n".write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        let started = try ChildProgram(["nats-server", "-c", file], log: folder + "/nats.log")
        program.withLock { $0 = started }
        while !Loopback.accepts(port) || started.status != nil {
            guard started.status == nil else { throw HostFailure("nats-server did not start: \(log.suffix(2000))") }
            try await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }

    /// At once, and without a word.
    package func stop() async {
        let running = program.withLock { program in
            defer { program = nil }
            return program
        }
        running?.send(SIGKILL)
        _ = await running?.end()
    }

    /// It is there, and answers nobody, from when this returns.
    package func freeze() { program.withLock { $0 }?.freeze() }

    package func thaw() { program.withLock { $0 }?.thaw() }
}

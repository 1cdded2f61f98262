import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A real nats-server on a free port of this machine, with a folder of its own. It is gone when this is, and when the
/// tests' process dies.
final class NATSServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let directory: TemporaryFolder
    private let settings: @Sendable (TemporaryFolder) -> String
    private let state = Mutex(State())

    private struct State {
        var port: Int?
        /// Of the server itself.
        var process: pid_t?
        /// Of the shell that ends it when we are gone.
        var keeper: pid_t?
        /// As long as it is open, the server lives.
        var lifeline: Int32?
        var output = ""
    }

    /// Starts it with these lines in its settings.
    init(_ settings: @escaping @Sendable (TemporaryFolder) -> String, starting: Bool = true) async throws {
        directory = try TemporaryFolder()
        self.settings = settings
        if starting { try await start() }
    }

    convenience init(_ settings: String = NATSServer.userAndPassword) async throws {
        try await self.init({ _ in settings })
    }

    static let userAndPassword = #"authorization { user: "antidote", password: "open sesame" }"#

    deinit { stop() }

    var port: Int { state.withLock { $0.port ?? 0 } }
    /// What it wrote so far.
    var output: String { state.withLock { $0.output } }

    func url(_ scheme: String = "nats", host: String = "127.0.0.1") -> String { "\(scheme)://\(host):\(port)" }

    /// Returns when it takes connections; on the same port as before.
    func start(_ other: String? = nil) async throws {
        let port = state.withLock { $0.port ?? -1 }
        let text = "host: 127.0.0.1\nport: \(port)\nwrite_deadline: \"2s\"\n\(other ?? settings(directory))\n"
        let path = try directory.write("nats.conf", text)
        let (input, output) = (try SocketPair(), try SocketPair())
        let script = """
            exec 2>&1
            nats-server -c "$1" </dev/null &
            echo "pid $!"
            cat >/dev/null
            kill -s KILL "$!"
            """
        let keeper = try Spawn.start(
            ["/bin/sh", "-c", script, "nats-server", path],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/opt/homebrew/bin"],
            descriptors: [input.far, output.far]
        )
        state.withLock { state in
            state.keeper = keeper
            state.lifeline = input.near
            state.output = ""
        }
        try await withCheckedThrowingContinuation { continuation in
            // Reads until the server ends, and so for long.
            Thread.detachNewThread { self.read(output.near, whenReady: continuation) }
        }
    }

    /// At once, and without a word.
    func stop() {
        let (process, keeper, lifeline) = state.withLock { state in
            defer { (state.process, state.keeper, state.lifeline) = (nil, nil, nil) }
            return (state.process, state.keeper, state.lifeline)
        }
        if let process { kill(process, SIGKILL) }
        if let lifeline { close(lifeline) }
        if let keeper { waitpid(keeper, nil, 0) }
    }

    /// It is there, and answers nobody, from when this returns.
    func freeze() {
        guard let process = state.withLock({ $0.process }) else { return }
        kill(process, SIGSTOP)
        #if os(Linux)
        // Each of its threads stops by itself, when it is its turn.
        let tasks = "/proc/\(process)/task"
        func runs(_ task: String) -> Bool {
            let stat = (try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)) ?? ""
            return !stat.contains(") T")
        }
        while let running = try? FileManager.default.contentsOfDirectory(atPath: tasks), running.contains(where: runs) {
            usleep(1000)
        }
        #else
        usleep(100_000)
        #endif
    }

    /// Breaks every connection that this process has to it.
    func cutConnections() {
        for descriptor in Int32(3)..<1024 where RawClient.peerPort(of: descriptor) == port {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    private func read(_ descriptor: Int32, whenReady ready: CheckedContinuation<Void, any Error>) {
        var ready: CheckedContinuation<Void, any Error>? = ready
        var rest = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { break }
            rest += String(decoding: buffer[..<count], as: UTF8.self)
            while let end = rest.firstIndex(of: "\n") {
                let line = String(rest[..<end])
                rest = String(rest[rest.index(after: end)...])
                note(line)
                if line.contains("Server is ready") {
                    ready?.resume()
                    ready = nil
                }
            }
        }
        close(descriptor)
        ready?.resume(throwing: Failure(description: "nats-server did not start: \(output)"))
    }

    private func note(_ line: String) {
        state.withLock { state in
            if state.output.utf8.count < 100_000 { state.output += line + "\n" }
            if line.hasPrefix("pid ") { state.process = pid_t(line.dropFirst(4)) }
            if let range = line.range(of: "client connections on 127.0.0.1:") {
                state.port = Int(line[range.upperBound...].prefix { $0.isNumber })
            }
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

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
    /// Not one of those that the system gives to whoever connects: while the server is down, nobody else takes it.
    let port: Int
    private let settings: @Sendable (TemporaryFolder) -> String
    private let state = Mutex(State())
    private let log = ServerLog()

    private struct State {
        /// Of the shell that ends it when we are gone.
        var keeper: pid_t?
        /// As long as it is open, the server lives.
        var lifeline: Int32?
    }

    /// Starts it with these lines in its settings.
    private init(port: Int, _ settings: @escaping @Sendable (TemporaryFolder) -> String) async throws {
        directory = try TemporaryFolder()
        self.port = port
        self.settings = settings
        try await start()
    }

    /// Starts one on a port that is free.
    static func started(_ settings: @escaping @Sendable (TemporaryFolder) -> String) async throws -> NATSServer {
        for _ in 1...10 {
            do {
                return try await NATSServer(port: .random(in: 10_000...30_000), settings)
            } catch let failure as Failure where failure.description.contains("address already in use") {}
        }
        throw Failure(description: "there is no free port")
    }

    static func started(_ settings: String = NATSServer.userAndPassword) async throws -> NATSServer {
        try await started { _ in settings }
    }

    static let userAndPassword = #"authorization { user: "antidote", password: "open sesame" }"#

    deinit { stop() }

    func url(_ scheme: String = "nats", host: String = "127.0.0.1") -> String { "\(scheme)://\(host):\(port)" }

    /// Returns when it takes connections; on the same port as before.
    func start(_ other: String? = nil) async throws {
        let text = "host: 127.0.0.1\nport: \(port)\nwrite_deadline: \"2s\"\n\(other ?? settings(directory))\n"
        let path = try directory.write("nats.conf", text)
        let (input, output) = (try SocketPair(), try SocketPair())
        let script = """
            exec 2>&1 3<&0
            nats-server -c "$1" </dev/null 3<&- &
            server=$!
            echo "pid $server"
            { cat <&3; kill -s KILL "$server"; } >/dev/null 2>&1 &
            wait "$server"
            kill "$!"
            """
        let keeper = try Spawn.start(
            ["/bin/sh", "-c", script, "nats-server", path],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/opt/homebrew/bin"],
            descriptors: [input.far, output.far]
        )
        state.withLock { state in
            state.keeper = keeper
            state.lifeline = input.near
        }
        do {
            try await log.read(output.near)
        } catch {
            stop()
            throw error
        }
    }

    /// At once, and without a word.
    func stop() {
        let (keeper, lifeline) = state.withLock { state in
            defer { (state.keeper, state.lifeline) = (nil, nil) }
            return (state.keeper, state.lifeline)
        }
        if keeper != nil, let process = log.process { kill(process, SIGKILL) }
        if let lifeline { close(lifeline) }
        if let keeper { waitpid(keeper, nil, 0) }
    }

    /// It is there, and answers nobody, from when this returns.
    func freeze() {
        guard let process = log.process else { return }
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
}

/// What a server writes, read by a thread that keeps nothing else alive.
private final class ServerLog: Sendable {
    private let state = Mutex<(process: pid_t?, text: String)>((nil, ""))

    /// The server's own.
    var process: pid_t? { state.withLock { $0.process } }

    /// Returns when the server takes connections, and goes on reading until it ends.
    func read(_ descriptor: Int32) async throws {
        state.withLock { $0 = (nil, "") }
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { self.read(descriptor, whenReady: continuation) }
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
                state.withLock { state in
                    if line.hasPrefix("pid ") { state.process = pid_t(line.dropFirst(4)) }
                    if ready != nil { state.text += line + "\n" }
                }
                if line.contains("Server is ready") {
                    ready?.resume()
                    ready = nil
                }
            }
        }
        close(descriptor)
        let text = state.withLock { $0.text }
        ready?.resume(throwing: NATSServer.Failure(description: "nats-server did not start: \(text)"))
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

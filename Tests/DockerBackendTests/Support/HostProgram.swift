import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A program of the host that a test needs, started with no signal blocked or ignored, whichever thread this is on.
/// What it prints on either stream is one text.
final class HostProgram: Sendable {
    struct Ended: Error, CustomStringConvertible {
        let description: String
    }

    private let pid: pid_t
    private let printed = Lines()
    private let news: AsyncStream<String>
    private let status = Mutex<Int32?>(nil)

    private init(_ command: [String], environment: [String: String]) throws {
        var ends: [Int32] = [-1, -1]
        // No other child may hold it open: a socket is born that way, a pipe not everywhere.
        #if canImport(Glibc)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
        let type = SOCK_STREAM
        #endif
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let (near, far) = (ends[0], ends[1])
        defer { close(far) }
        let surroundings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        pid = try Self.spawn(command, environment: surroundings, output: far)
        let (news, sender) = AsyncStream.makeStream(of: String.self)
        self.news = news
        // Reading and waiting block, and the cooperative pool is not for that.
        Thread.detachNewThread { [pid, printed] in
            let output = FileHandle(fileDescriptor: near, closeOnDealloc: true)
            var rest = Data()
            while case let piece = output.availableData, !piece.isEmpty {
                rest += piece
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest = Data(rest[rest.index(after: end)...])
                    printed.add(line)
                    sender.yield(line)
                }
            }
            var raw: Int32 = 0
            while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
            self.status.withLock { $0 = raw }
            sender.finish()
        }
    }

    /// Runs `body` when a line with `text` in it was printed, which it is given. The program does not outlive it.
    static func with<Result>(
        _ command: [String],
        environment: [String: String] = [:],
        until text: String,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let program = try HostProgram(command, environment: environment)
        do {
            let line = await program.news.first { $0.contains(text) }
            guard let line else { throw program.failure(command) }
            let result = try await body(line)
            await program.end()
            return result
        } catch {
            await program.end()
            throw error
        }
    }

    /// Runs it to its end, and returns what it printed. Throws that unless it succeeds.
    @discardableResult
    static func output(_ command: [String], environment: [String: String] = [:]) async throws -> String {
        let program = try HostProgram(command, environment: environment)
        for await _ in program.news {}
        guard program.status.withLock({ $0 }) == 0 else { throw program.failure(command) }
        return program.printed.text
    }

    private func failure(_ command: [String]) -> Ended {
        Ended(description: "\(command.joined(separator: " ")) ended: \(printed.text)")
    }

    /// Kills it, with its children, and returns when it is gone.
    private func end() async {
        kill(-pid, SIGKILL)
        for await _ in news {}
    }

    private static func spawn(_ command: [String], environment: [String: String], output: Int32) throws -> pid_t {
        #if canImport(Darwin)
        var attributes: posix_spawnattr_t?
        var actions: posix_spawn_file_actions_t?
        #else
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var none = sigset_t()
        sigemptyset(&none)
        var usual = sigset_t()
        sigemptyset(&usual)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)
        #if canImport(Darwin)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        #endif
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        #if !canImport(Darwin)
        // It lives longer than the pipes and files of other tests, which would wait for it.
        for descriptor in Int32(3)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        #endif
        let arguments = command.map { strdup($0) }
        let variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, arguments + [nil], variables + [nil])
        guard code == 0 else { throw Ended(description: "\(command[0]): \(String(cString: strerror(code)))") }
        return pid
    }
}

/// A folder that is there while `body` runs.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

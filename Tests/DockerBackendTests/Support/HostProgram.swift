import Foundation
import HostPrograms
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
        let output = try SocketPair()
        let near = output.near
        let surroundings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let descriptors = [open("/dev/null", O_RDONLY), output.far, dup(output.far)]
        pid = try Spawn.start(command, environment: surroundings, descriptors: descriptors)
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
}

/// A folder that is there while `body` runs.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

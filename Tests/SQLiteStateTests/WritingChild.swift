#if SQLite
import Foundation
import HostPrograms
import Testing

/// The program that writes to a file, in a process of its own.
struct WritingChild: Sendable {
    private let pid: Int32
    private let output: Int32

    init(file: String, owner: String) throws {
        let sockets = try SocketPair()
        let command = [try Self.path(), file, owner]
        output = sockets.near
        // What it complains of stands among its answers, which then make no sense.
        pid = try Spawn.start(
            command,
            environment: ProcessInfo.processInfo.environment,
            descriptors: [sockets.far, dup(sockets.far), dup(sockets.far)]
        )
    }

    /// What it was answered, in the order in which it told so, until it was killed with no warning after `count` lines.
    func answers(killedAfter count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            // Reading waits, which no thread of the tests may.
            DispatchQueue.global().async { continuation.resume(returning: readAnswers(killedAfter: count)) }
        }
    }

    private func readAnswers(killedAfter count: Int) -> [String] {
        var bytes: [UInt8] = []
        var lines = 0
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let length = read(output, &buffer, buffer.count), length > 0 {
            bytes += buffer[..<length]
            lines += buffer[..<length].count { $0 == UInt8(ascii: "\n") }
            if lines >= count { kill(pid, SIGKILL) }
        }
        close(output)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        // The last line may be half a one.
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// It is beside the tests.
    private static func path() throws -> String {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }
        let folders = bundles.map { $0.bundleURL.deletingLastPathComponent() } + [Bundle.main.bundleURL]
        let candidates = folders.map { $0.appendingPathComponent("antidote-write-sqlite").path }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
            "there is no antidote-write-sqlite beside the tests: \(candidates)"
        )
    }
}
#endif

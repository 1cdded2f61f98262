import AntidoteCore
import Foundation
import HostPrograms

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program of the host that is run to its end for what it prints.
enum HostTool {
    /// Throws, with what it said, unless it succeeds.
    @discardableResult
    static func run(_ command: [String], user: String? = nil) throws -> String {
        let folder = FileManager.default.temporaryDirectory
        let output = folder.appendingPathComponent("antidote-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let descriptor = open(output.path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw AntidoteError(.internalFault, "no file for what a program prints") }
        let pid = try Spawn.start(
            user.map { ["runuser", "-u", $0, "--"] + command } ?? command,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin", "LANG": "C.UTF-8"],
            descriptors: [open("/dev/null", O_RDONLY), descriptor, dup(descriptor)]
        )
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let text = String(decoding: (try? Data(contentsOf: output)) ?? Data(), as: UTF8.self)
        guard status == 0 else {
            let what = command.prefix(3).joined(separator: " ")
            throw AntidoteError(.internalFault, "\(what) failed: \(text.suffix(2000))")
        }
        return text
    }
}

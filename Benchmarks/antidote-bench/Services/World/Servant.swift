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

/// A program of the host that ends when this one does, however that ends.
final class Servant {
    let name: String
    let pid: pid_t
    private let keeper: pid_t
    private var lifeline: Int32?

    /// Starts `command` as `user`; its output goes to the end of the file `log`.
    /// - Parameter goodbye: The signal that it is ended with.
    init(_ name: String, _ command: [String], log: String, user: String? = nil, goodbye: String = "TERM") throws {
        self.name = name
        let script = """
            log="$1"; shift
            exec 3<&0
            "$@" </dev/null >>"$log" 2>&1 3<&- &
            program=$!
            echo "$program"
            cat <&3 >/dev/null
            kill -s \(goodbye) "$program" 2>/dev/null
            wait "$program"
            """
        let pair = try SocketPair()
        let shell = ["/bin/sh", "-c", script, "sh", log] + command
        keeper = try Spawn.start(
            user.map { ["runuser", "-u", $0, "--"] + shell } ?? shell,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin", "LANG": "C.UTF-8"],
            descriptors: [pair.far, dup(pair.far)]
        )
        lifeline = pair.near
        guard let pid = Self.line(pair.near).flatMap({ pid_t($0) }) else {
            throw AntidoteError(.internalFault, "\(name) did not start")
        }
        self.pid = pid
    }

    deinit { end() }

    /// Returns when it has ended.
    func end() {
        guard let lifeline else { return }
        self.lifeline = nil
        close(lifeline)
        waitpid(keeper, nil, 0)
    }

    private static func line(_ descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}

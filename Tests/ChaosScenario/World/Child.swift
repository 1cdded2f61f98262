import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// A program of the host that ends when this process does, however that ends.
package final class Child: Sendable {
    private let state: Mutex<State>
    private let ended: AsyncStream<Int32>
    package let pid: pid_t

    private struct State {
        /// As long as it is open, the program lives.
        var lifeline: Int32?
        var status: Int32?
    }

    /// Starts `command`; its output goes to the end of the file `log`.
    package init(_ command: [String], log: String, environment: [String: String] = [:]) throws {
        let script = """
            log="$1"; shift
            exec 3<&0 4>&1
            "$@" </dev/null >>"$log" 2>&1 3<&- 4>&- &
            program=$!
            echo "$program"
            ( cat <&3 >/dev/null; kill -s KILL "$program" ) >/dev/null 2>&1 4>&- &
            wait "$program"
            echo "$?"
            """
        let (input, output) = (try SocketPair(), try SocketPair())
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin", "LANG": "C.UTF-8"]
        variables.merge(environment) { $1 }
        let keeper = try Spawn.start(
            ["/bin/sh", "-c", script, "sh", log] + command,
            environment: variables,
            descriptors: [input.far, output.far]
        )
        guard let first = Child.line(output.near).flatMap({ pid_t($0) }) else {
            throw ChaosFailure("\(command[0]) did not start")
        }
        pid = first
        let state = Mutex(State(lifeline: input.near))
        let (ended, ending) = AsyncStream.makeStream(of: Int32.self)
        self.state = state
        self.ended = ended
        let near = output.near
        Thread.detachNewThread { [weak self] in
            // Waits for as long as the program lives.
            let status = Child.line(near).flatMap { Int32($0) } ?? -1
            close(near)
            waitpid(keeper, nil, 0)
            self?.note(status)
            ending.yield(status)
            ending.finish()
        }
    }

    deinit { letGo() }

    /// Its exit status, 128 and the signal for one that a signal ended; `nil` while it runs.
    package var status: Int32? { state.withLock { $0.status } }

    package func send(_ signal: Int32) {
        guard status == nil else { return }
        kill(pid, signal)
    }

    /// Returns when it has ended. For one caller.
    package func end() async -> Int32 {
        if let status { return status }
        for await status in ended { return status }
        return status ?? -1
    }

    private func note(_ status: Int32) {
        state.withLock { $0.status = status }
        letGo()
    }

    private func letGo() {
        let lifeline = state.withLock { state in
            defer { state.lifeline = nil }
            return state.lifeline
        }
        if let lifeline { close(lifeline) }
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

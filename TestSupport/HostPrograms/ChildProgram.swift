import Foundation
import Synchronization

#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// A program of the host that ends when this process does, however that ends.
package final class ChildProgram: Sendable {
    /// Where programs of the host are looked for.
    package static let path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin"

    package let pid: pid_t
    private let state: Mutex<State>

    private struct State {
        /// As long as it is open, the program lives.
        var lifeline: Int32?
        var status: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    /// Starts `command`; its output goes to the end of the file `log`.
    ///
    /// - Parameters:
    ///   - user: Whom it runs as; `nil`: whoever runs this.
    ///   - goodbye: The name of the signal that it is ended with when nobody has this any more.
    package init(
        _ command: [String],
        log: String,
        user: String? = nil,
        environment: [String: String] = [:],
        goodbye: String = "KILL"
    ) throws {
        // Its keeper is killed first, so that nobody is who has the number after it.
        let script = """
            log="$1"; shift
            exec 3<&0 4>&1
            "$@" </dev/null >>"$log" 2>&1 3<&- 4>&- &
            program=$!
            echo "$program"
            ( cat <&3 >/dev/null; kill -s \(goodbye) "$program" ) >/dev/null 2>&1 4>&- &
            keeper=$!
            wait "$program"
            status=$?
            kill "$keeper" 2>/dev/null
            echo "$status"
            """
        let (input, output) = (try SocketPair(), try SocketPair())
        let shell = ["/bin/sh", "-c", script, "sh", log] + command
        let keeper = try Spawn.start(
            user.map { ["runuser", "-u", $0, "--"] + shell } ?? shell,
            environment: ["PATH": Self.path, "LANG": "C.UTF-8"].merging(environment) { $1 },
            descriptors: [input.far, output.far]
        )
        guard let first = Self.line(output.near).flatMap({ pid_t($0) }) else {
            throw HostFailure("\(command[0]) did not start")
        }
        pid = first
        state = Mutex(State(lifeline: input.near))
        let near = output.near
        Thread.detachNewThread { [weak self] in
            // Waits for as long as the program lives.
            let status = Self.line(near).flatMap { Int32($0) } ?? -1
            close(near)
            waitpid(keeper, nil, 0)
            self?.note(status)
        }
    }

    deinit { letGo() }

    /// Its exit status, 128 and the signal for one that a signal ended; `nil` while it runs.
    package var status: Int32? { state.withLock { $0.status } }

    package func send(_ signal: Int32) {
        guard status == nil else { return }
        kill(pid, signal)
    }

    /// Returns when it has ended, with its status.
    package func end() async -> Int32 {
        await withCheckedContinuation { waiter in
            let status = state.withLock { state in
                if state.status == nil { state.waiters.append(waiter) }
                return state.status
            }
            if let status { waiter.resume(returning: status) }
        }
    }

    /// Says goodbye; returns when it has ended.
    @discardableResult
    package func leave() async -> Int32 {
        letGo()
        return await end()
    }

    /// It is there, and does nothing, from when this returns.
    package func freeze() {
        send(SIGSTOP)
        #if os(Linux)
        // Each of its threads stops by itself, when it is its turn.
        let tasks = "/proc/\(pid)/task"
        func runs(_ task: String) -> Bool {
            let stat = (try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)) ?? ""
            return !stat.isEmpty && !stat.contains(") T")
        }
        while let all = try? FileManager.default.contentsOfDirectory(atPath: tasks), all.contains(where: runs) {
            usleep(1000)
        }
        #else
        usleep(100_000)
        #endif
    }

    package func thaw() { send(SIGCONT) }

    private func note(_ status: Int32) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        letGo()
        for waiter in waiters { waiter.resume(returning: status) }
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

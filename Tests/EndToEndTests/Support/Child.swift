import Foundation
import HostPrograms
import SecretCanaries

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that a test started, as a shell would start it: no signal blocked or ignored, whichever thread we are on.
final class Child: Sendable {
    /// What it printed so far, and whether it can still print.
    struct Output: Sendable {
        var text = ""
        var isOver = false
    }

    /// How it ended, as a shell tells it.
    enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(Int32)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let command: [String]
    let pid: pid_t
    let output = Watched(Output())
    let errors = Watched(Output())
    private let input: Int32
    private let ended = Watched<Ending?>(nil)

    /// - Parameter command: The program, looked up in `PATH`, and its arguments.
    init(_ command: [String], environment: [String: String]) throws {
        self.command = command
        let input = try SocketPair()
        let output = try SocketPair()
        let errors = try SocketPair()
        pid = try Spawn.start(command, environment: environment, descriptors: [input.far, output.far, errors.far])
        self.input = input.near
        read(output.near, into: self.output)
        read(errors.near, into: self.errors)
        Thread.detachNewThread { [pid, ended] in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            let ending: Ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
            ended.update { $0 = ending }
        }
    }

    deinit { close(input) }

    /// Runs `body` with the child, which does not outlive it.
    static func run<Result>(
        _ command: [String],
        environment: [String: String],
        _ body: (Child) async throws -> Result
    ) async throws -> Result {
        let child = try Child(command, environment: environment)
        // It leads a group of its own, so that a shell's children go with it.
        defer { kill(-child.pid, SIGKILL) }
        return try await body(child)
    }

    /// Runs it to its end. Throws, with what it printed, unless it succeeds.
    static func succeed(_ command: [String], environment: [String: String]) async throws -> String {
        try await run(command, environment: environment) { child in
            guard try await child.ending() == .exited(0) else { throw child.failure("failed") }
            return child.output.value.text
        }
    }

    /// Sends a signal to it alone.
    func send(_ signal: Int32) { kill(pid, signal) }

    /// Types into its standard input.
    func type(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        #if canImport(Darwin)
        _ = Darwin.send(input, bytes, bytes.count, 0)
        #else
        _ = Glibc.send(input, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        #endif
    }

    /// Ends its standard input.
    func closeInput() { shutdown(input, Int32(SHUT_WR)) }

    /// How it ended, when it has, and has closed what it prints to.
    func ending() async throws -> Ending {
        let ending = try await ended.first { $0 }
        for stream in [output, errors] { _ = try await stream.first { $0.isOver ? true : nil } }
        return ending
    }

    /// Returns when it has printed `text` that often. Throws if it ends before that.
    func says(_ text: String, times: Int = 1) async throws { _ = try await wait(errors, text, times) }

    /// Returns its standard output when `text` is in it that often.
    func prints(_ text: String, times: Int = 1) async throws -> String { try await wait(output, text, times) }

    /// Returns when a line of its standard output is as wanted.
    func line(_ isWanted: @escaping @Sendable (Substring) -> Bool) async throws {
        let isThere = try await output.first { now -> Bool? in
            if now.text.split(separator: "\n").contains(where: isWanted) { return true }
            return now.isOver ? false : nil
        }
        if !isThere { throw failure("ended before it printed the line") }
    }

    /// Everything about it, for a test that failed.
    func failure(_ what: String) -> Failure {
        Failure(
            description: """
                \(command.joined(separator: " ")): \(what) (\(ended.value.map { "\($0)" } ?? "running"))
                standard output: \(output.value.text)
                standard error: \(errors.value.text)
                """
        )
    }

    private func wait(_ stream: Watched<Output>, _ text: String, _ times: Int) async throws -> String {
        let found = try await stream.first { now -> String?? in
            if now.text.components(separatedBy: text).count > times { return .some(now.text) }
            return now.isOver ? .some(nil) : nil
        }
        guard let found else { throw failure("ended before it printed “\(text)” \(times) times") }
        return found
    }

    private func read(_ descriptor: Int32, into stream: Watched<Output>) {
        Thread.detachNewThread { [command] in
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &piece, piece.count, 0)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                bytes += piece.prefix(count)
                let text = String(decoding: bytes, as: UTF8.self)
                stream.update { $0.text = text }
            }
            close(descriptor)
            // Docker's own command may be asked for a container's environment, where secrets belong.
            if command[0] != "docker" { Record.write(.programs, String(decoding: bytes, as: UTF8.self)) }
            stream.update { $0.isOver = true }
        }
    }
}

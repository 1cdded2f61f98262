import AntidoteCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks a program of the Docker family for a registry's credentials: `docker-credential-<name> get`, the server on
/// its standard input, JSON on its standard output.
struct CredentialHelper: Sendable {
    let time: TimeSource
    var deadline: Duration = .seconds(30)
    /// In place of the one that the name asks for.
    var program: String?

    private struct Answer: Decodable {
        var username: String
        var secret: String

        enum CodingKeys: String, CodingKey {
            case username = "Username"
            case secret = "Secret"
        }
    }

    /// `nil` if the helper knows none.
    func get(_ name: String, server: String) async throws -> RegistryCredential? {
        let program = self.program ?? "docker-credential-\(name)"
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }), server.utf8.count < 4096 else {
            throw failed(program, "its name is not a program's, or the registry's not a host's")
        }
        let (status, output) = try await run(program, input: server)
        if status != 0 {
            let text = String(decoding: output.prefix(300), as: UTF8.self)
            if text.contains("not found in native keychain") || text.contains("not found") && status == 1 { return nil }
            throw failed(program, "it ended with the status \(status)")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: output) else {
            throw failed(program, "its answer is not what such a helper says")
        }
        if answer.username == "<token>" {
            return RegistryCredential(username: "", password: Secret(""), identityToken: Secret(answer.secret))
        }
        return RegistryCredential(username: answer.username, password: Secret(answer.secret))
    }

    private func failed(_ program: String, _ reason: String) -> AntidoteError {
        AntidoteError(
            .registryDenied,
            "the credential helper \(program) failed: \(reason)",
            advice: "Run it by hand, or log in again with “docker login”."
        )
    }

    private func run(_ program: String, input: String) async throws -> (Int32, Data) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program, "get"]
        let standardInput = Pipe()
        let standardOutput = Pipe()
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = FileHandle.nullDevice
        // Before anybody could close the other end: a program that does not read must not break ours. A pipe holds
        // more than a host's name.
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let running = RunningHelper(process: process, output: standardOutput.fileHandleForReading)
        let timeout = failed(program, "it did not answer within \(deadline)")
        return try await time.withDeadline(deadline, onTimeout: timeout) {
            try await running.finish()
        }
    }
}

/// A helper while it runs. Waiting for it is done on a thread of its own: the cooperative pool is not for that.
///
/// Unchecked, because `Process` and `FileHandle` are not `Sendable`: `finish` runs once, and all that another thread
/// does is to send a signal.
private final class RunningHelper: @unchecked Sendable {
    private let process: Process
    private let output: FileHandle

    init(process: Process, output: FileHandle) {
        self.process = process
        self.output = output
    }

    func finish() async throws -> (Int32, Data) {
        try process.run()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    do {
                        let answer = try self.output.readToEnd() ?? Data()
                        self.process.waitUntilExit()
                        continuation.resume(returning: (self.process.terminationStatus, answer))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        } onCancel: {
            // Not `terminate`: a child may inherit a thread's blocked signals, and this one cannot be blocked.
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }
}

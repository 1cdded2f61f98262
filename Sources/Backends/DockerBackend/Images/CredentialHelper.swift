import AntidoteCore
import Foundation

/// Asks a program of the Docker family for a registry's credentials: `docker-credential-<name> get`, the server on
/// its standard input, JSON on its standard output.
struct CredentialHelper: Sendable {
    let time: TimeSource
    var deadline: Duration = .seconds(30)

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
        let program = "docker-credential-\(name)"
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }) else {
            throw failed(program, "its name is not a program's")
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
        let running = RunningHelper(process: process, output: standardOutput.fileHandleForReading)
        let timeout = failed(program, "it did not answer within \(deadline)")
        return try await time.withDeadline(deadline, onTimeout: timeout) {
            try await running.finish(input: input, to: standardInput.fileHandleForWriting)
        }
    }
}

/// A helper while it runs. Waiting for it is done on a thread of its own: the cooperative pool is not for that.
///
/// Unchecked, because `Process` and `FileHandle` are not `Sendable`: `finish` runs once, and all that another thread
/// calls is `terminate`, which is only a signal.
private final class RunningHelper: @unchecked Sendable {
    private let process: Process
    private let output: FileHandle

    init(process: Process, output: FileHandle) {
        self.process = process
        self.output = output
    }

    func finish(input: String, to handle: FileHandle) async throws -> (Int32, Data) {
        try process.run()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    do {
                        try handle.write(contentsOf: Data(input.utf8))
                        try handle.close()
                        let answer = try self.output.readToEnd() ?? Data()
                        self.process.waitUntilExit()
                        continuation.resume(returning: (self.process.terminationStatus, answer))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        } onCancel: {
            process.terminate()
        }
    }
}

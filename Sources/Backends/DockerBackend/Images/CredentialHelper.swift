import AntidoteCore
import Subprocess

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Asks a program of the Docker family for a registry's credentials: `docker-credential-<name> get`, the server on
/// its standard input, JSON on its standard output.
struct CredentialHelper: Sendable {
    let time: TimeSource
    var deadline: Duration = .seconds(30)
    /// The path of a program in place of the one that the name asks for.
    var program: String?

    /// The most that it may say, in bytes.
    private static let outputLimit = 65_536

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
        let timeout = failed(program, "it did not answer within \(deadline)")
        let (status, output) = try await time.withDeadline(deadline, onTimeout: timeout) {
            try await ask(program, about: server)
        }
        guard status.isSuccess else {
            let text = String(decoding: output.prefix(300), as: UTF8.self)
            if text.contains("not found in native keychain") || text.contains("not found") && status == .exited(1) {
                return nil
            }
            throw failed(program, "it ended with \(status)")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output)) else {
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
            recovery: "Run it by hand, or log in again with “docker login”."
        )
    }

    /// Runs it until it ends, and no longer, whoever it leaves behind with its output open. When this task is cancelled,
    /// it is killed with all that it started.
    private func ask(_ program: String, about server: String) async throws -> (TerminationStatus, [UInt8]) {
        var options = PlatformOptions()
        // Of its own: so that all of it can be killed, and it cannot ask at our terminal.
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        do {
            let result = try await Subprocess.run(
                self.program.map { .path(FilePath($0)) } ?? .name(program),
                arguments: ["get"],
                platformOptions: options,
                input: .fileDescriptor(question(server), closeAfterSpawningProcess: true),
                output: .bytes(limit: Self.outputLimit),
                error: .discarded
            )
            try Task.checkCancellation()
            return (result.terminationStatus, result.standardOutput)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            switch error.code {
            case .executableNotFound: throw failed(program, "there is no such program")
            case .outputLimitExceeded: throw failed(program, "it said more than \(Self.outputLimit) bytes")
            default: throw failed(program, "it cannot be run")
            }
        }
    }

    /// A pipe with `text` in it, complete before anybody reads: writing to a program that does not read would break
    /// ours. A pipe holds more than a host's name.
    private func question(_ text: String) throws -> FileDescriptor {
        #if canImport(Darwin)
        let pipe = try FileDescriptor.pipe()
        #else
        let pipe = try FileDescriptor.pipe(options: .closeOnExec)
        #endif
        do {
            try pipe.writeEnd.closeAfter { _ = try pipe.writeEnd.writeAll(text.utf8) }
        } catch {
            try? pipe.readEnd.close()
            throw error
        }
        return pipe.readEnd
    }
}

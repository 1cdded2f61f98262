import Foundation
import Subprocess
import SystemPackage

/// How a program ended, and what it printed.
package struct Finished: Sendable, CustomStringConvertible {
    /// 128 and the signal for one that a signal ended.
    package var status: Int32
    package var output: String
    package var errors: String

    /// Runs `program`, a path or a name that is looked for, to its end.
    package static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Finished {
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Subprocess.Environment.Key(stringLiteral: $0.key), $0.value) }
        )
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            output: .string(limit: 1 << 29),
            error: .string(limit: 1 << 20)
        )
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Finished(status: status, output: result.standardOutput, errors: result.standardError)
    }

    /// What a program prints. Throws, with what it said, unless it succeeds.
    @discardableResult
    package static func output(
        of program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> String {
        let done = try await run(program, arguments, environment: environment)
        guard done.status == 0 else {
            throw HostFailure("\(program) \(arguments.joined(separator: " ")): \(done.errors)")
        }
        return done.output
    }

    /// What it printed, which is JSON.
    package func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(output.utf8))
        } catch {
            throw HostFailure("no \(type): \(self)")
        }
    }

    package var description: String { "status \(status)\nstandard output: \(output)\nstandard error: \(errors)" }
}

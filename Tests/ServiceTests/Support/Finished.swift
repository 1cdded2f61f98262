import ChaosScenario
import Foundation
import Subprocess
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How a program ended, and what it printed.
struct Finished: Sendable, CustomStringConvertible {
    /// 128 and the signal for one that a signal ended.
    var status: Int32
    var output: String
    var errors: String

    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Finished {
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Subprocess.Environment.Key(stringLiteral: $0.key), $0.value) }
        )
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            output: .string(limit: 1 << 24),
            error: .string(limit: 1 << 20)
        )
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Finished(status: status, output: result.standardOutput, errors: result.standardError)
    }

    /// What it printed, which is JSON.
    func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(output.utf8))
        } catch {
            throw ChaosFailure("no \(type): \(self)")
        }
    }

    var description: String { "status \(status)\nstandard output: \(output)\nstandard error: \(errors)" }
}

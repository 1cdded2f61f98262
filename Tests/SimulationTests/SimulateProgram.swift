import Foundation
import Subprocess
import Testing

/// The program that runs seeds, in processes of its own: so it takes no thread from the other tests, and a hash that
/// depends on the process is seen.
enum SimulateProgram {
    /// What it printed. Throws, with that, unless every rule held.
    static func run(_ arguments: String...) async throws -> String {
        // Niced, because tests beside it have deadlines in real time.
        let result = try await Subprocess.run(
            .name("nice"),
            arguments: Arguments(["-n", "10", try path()] + arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let output = result.standardOutput
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(result.terminationStatus): \(output)\(result.standardError)")
        }
        return output
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// It is beside the tests.
    private static func path() throws -> String {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }
        let folders = bundles.map { $0.bundleURL.deletingLastPathComponent() } + [Bundle.main.bundleURL]
        let candidates = folders.map { $0.appendingPathComponent("antidote-simulate").path }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
            "there is no antidote-simulate beside the tests: \(candidates)"
        )
    }
}

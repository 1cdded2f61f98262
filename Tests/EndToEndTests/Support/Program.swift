import Foundation
import Testing

/// The program under test, and what it runs in.
struct Program {
    /// Where `antidote` is: beside the tests.
    var path: String
    var environment: [String: String]

    /// - Parameter dockerHost: The only engine that it can find.
    init(dockerHost: String = "unix:///nonexistent/docker.sock") throws {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }
        let folders = bundles.map { $0.bundleURL.deletingLastPathComponent() } + [Bundle.main.bundleURL]
        let candidates = folders.map { $0.appendingPathComponent("antidote").path }
        path = try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
            "there is no antidote beside the tests: \(candidates)"
        )
        let own = ProcessInfo.processInfo.environment
        let sanitizers = ["LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"]
        environment = own.filter {
            ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"].contains($0.key) || sanitizers.contains($0.key)
        }
        environment["LANG"] = "C.UTF-8"
        environment["DOCKER_HOST"] = dockerHost
    }

    /// The same program with more in its environment.
    func with(_ variables: [String: String]) -> Program {
        var other = self
        other.environment.merge(variables) { $1 }
        return other
    }

    /// Runs it to its end.
    func run(_ arguments: String...) async throws -> Finished {
        try await start(arguments) { child in
            child.closeInput()
            return try await Finished(child)
        }
    }

    func start<Result>(_ arguments: [String], _ body: (Child) async throws -> Result) async throws -> Result {
        try await Child.run([path] + arguments, environment: environment, body)
    }

    /// Runs a command of a shell in which `antidote` is the program.
    func shell(_ script: String) async throws -> Finished {
        let command = ["sh", "-c", "antidote() { \"$ANTIDOTE\" \"$@\"; }; \(script)"]
        let variables = environment.merging(["ANTIDOTE": path]) { $1 }
        return try await Child.run(command, environment: variables) { try await Finished($0) }
    }
}

/// What a program left: its ending and what it printed.
struct Finished: CustomStringConvertible {
    let pid: Int32
    let ending: Child.Ending
    let output: String
    let errors: String

    init(_ child: Child) async throws {
        ending = try await child.ending()
        pid = child.pid
        output = child.output.value.text
        errors = child.errors.value.text
    }

    var description: String { "\(ending)\nstandard output: \(output)\nstandard error: \(errors)" }
}

import AntidoteCore
import ArgumentParser
import Foundation
import Testing

@testable import AntidoteCommands

@Suite("Running a command")
struct CommandRunnerTests {
    /// Runs `body` and returns the error that the process ends with, and what was printed.
    private func run(
        _ output: OutputFormat,
        _ body: (CommandRunner) async throws -> Void
    ) async throws -> (error: (any Error)?, results: String, messages: String) {
        let folder = try Folder()
        let results = try folder.write("results", "")
        let messages = try folder.write("messages", "")
        let console = Console(
            isInteractive: false,
            results: try FileHandle(forWritingTo: URL(fileURLWithPath: results)),
            messages: try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
        )
        var thrown: (any Error)?
        do {
            try await CommandRunner(output: output, console: console, environment: [:]).run(body)
        } catch {
            thrown = error
        }
        return (
            thrown, try String(contentsOfFile: results, encoding: .utf8),
            try String(contentsOfFile: messages, encoding: .utf8)
        )
    }

    private let error = AntidoteError(.backendRefused, "permission denied", recovery: "Join the group docker.")

    @Test func `an error is printed for people and becomes an exit status`() async throws {
        let run = try await run(.text) { _ in throw error }
        #expect(run.error as? ExitCode == ExitCode(77))
        #expect(run.results.isEmpty)
        #expect(run.messages == "error[backendRefused]: permission denied\n  Join the group docker.\n")
    }

    @Test func `an error is also printed as JSON if the output is JSON`() async throws {
        let run = try await run(.json) { _ in throw error }
        #expect(run.error as? ExitCode == ExitCode(77))
        #expect(run.results == (try ErrorReport(error: error).json()))
        #expect(run.messages.hasPrefix("error[backendRefused]"))
    }

    @Test func `an exit status of the command itself is kept`() async throws {
        let run = try await run(.json) { _ in throw ExitCode(130) }
        #expect(run.error as? ExitCode == ExitCode(130))
        #expect(run.results.isEmpty && run.messages.isEmpty)
    }

    @Test func `a result is printed in the format that was asked for`() async throws {
        for (output, expected) in [(OutputFormat.text, "a is 1\n"), (.json, "{\n  \"a\" : 1\n}\n")] {
            let run = try await run(output) { runner in
                try runner.show(["a": 1]) { "a is 1\n" }
            }
            #expect(run.error == nil)
            #expect(run.results == expected && run.messages.isEmpty)
        }
    }

    @Test func `a confirmation is only for people`() async throws {
        let text = try await run(.text) { $0.confirm("Deleted.") }
        let json = try await run(.json) { $0.confirm("Deleted.") }
        #expect(text.results == "Deleted.\n")
        #expect(json.results.isEmpty)
    }
}

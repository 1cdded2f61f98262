import AntidoteCore
import AntidoteRuntime
import ArgumentParser
import Foundation
import UnixSignals

/// Runs the body of a command. Reports errors and chooses the exit status for every command.
struct CommandRunner: Sendable {
    /// The format of the result and of an error.
    let output: OutputFormat
    let console: Console
    let environment: [String: String]

    init(
        output: OutputFormat = .text,
        console: Console = Console(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.output = output
        self.console = console
        self.environment = environment
    }

    /// Reports an `AntidoteError` of `body` and throws its exit status instead. Rethrows other errors, which
    /// ArgumentParser reports.
    func run(_ body: (CommandRunner) async throws -> Void) async throws {
        do {
            try await body(self)
        } catch let error as AntidoteError {
            let report = ErrorReport(error: error)
            for line in report.lines { console.say(line) }
            if output == .json { console.print(try report.json()) }
            throw ExitStatus.of(error)
        }
    }

    /// Reads the settings, and warns about environment variables that look like settings but are not.
    func settings(
        _ options: ConfigurationOptions,
        checking check: (Settings) -> [SettingsProblem] = { _ in [] }
    ) async throws -> Settings {
        if let warning = SettingsReader.warning(about: environment) { console.say(warning) }
        return try await SettingsReader(file: options.config, environment: environment).read(checking: check)
    }

    /// Prints the result of the command.
    ///
    /// - Parameters:
    ///   - result: The value for programs.
    ///   - text: The text for people. Ends in a line break.
    func show<Result: Encodable>(_ result: @autoclosure () -> Result, text: () -> String) throws {
        switch output {
        case .text: console.print(text())
        case .json: console.print(try JSONOutput.text(result()))
        }
    }

    /// Prints a line for people. Programs read the exit status.
    func confirm(_ line: @autoclosure () -> String) {
        if output == .text { console.print(line() + "\n") }
    }
}

/// The result of a program, with the numbers of sysexits.h where it defines one.
enum ExitStatus {
    static func of(_ error: AntidoteError) -> ExitCode {
        switch error.code {
        case .configurationInvalid: ExitCode(78)
        case .backendRefused, .busDenied, .registryDenied: ExitCode(77)
        case .backendUnavailable, .busUnavailable, .storeUnavailable: ExitCode(69)
        case .internalFault: ExitCode(70)
        default: ExitCode(1)
        }
    }

    /// The status that shells report for a program that a signal ended.
    static func of(_ signal: UnixSignal) -> ExitCode { ExitCode(128 + signal.rawValue) }
}

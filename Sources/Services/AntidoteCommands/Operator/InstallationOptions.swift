import AntidoteCore
import AntidoteRuntime
import ArgumentParser
import Foundation
import Logging

/// Which installation a command is about: that of a configuration file, or of `antidote up` on this machine.
struct InstallationOptions: ParsableArguments {
    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    var config: String?

    @Option(help: "text, or json for programs.")
    var output = OutputFormat.text

    @Option(help: "trace, debug, info, notice, warning or error: what to log on standard error.")
    var logLevel = Logger.Level.error

    /// The settings, with what `antidote up` would take where they name no store.
    func settings() async throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        let settings = try await SettingsReader(file: config, environment: environment).read()
        return LocalInstallation(environment: environment).completing(settings)
    }

    /// Opens the store and the bus of the installation, and lends them.
    func withInstance<Value: Sendable>(
        _ body: (HostedInstance, Settings) async throws -> Value
    ) async throws -> Value {
        let settings = try await settings()
        guard let store = try StoreSelection(settings.services) else {
            throw AntidoteError(
                .configurationInvalid,
                "no store is configured",
                advice: "Set databaseUrl or stateFile."
            )
        }
        let bus = try BusSelection(settings.services, clientName: "antidote") ?? .inProcess
        return try await HostedInstance.withParts(
            of: settings,
            store: store,
            bus: bus,
            backend: nil,
            logger: logger
        ) { try await body($0, settings) }
    }

    var logger: Logger {
        var logger = Logger(label: "antidote", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel
        return logger
    }

    /// Runs a command, tells what went wrong, and ends with the documented status.
    func reporting(_ command: (Console) async throws -> Void) async throws {
        let console = Console()
        do {
            try await command(console)
        } catch let error as AntidoteError {
            for line in ErrorReport(error: error).lines { console.say(line) }
            if output == .json { console.print(try ErrorReport(error: error).json()) }
            throw ExitStatus.of(error)
        }
    }
}

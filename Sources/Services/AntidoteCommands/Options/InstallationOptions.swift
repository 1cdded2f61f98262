import AntidoteCore
import AntidoteRuntime
import ArgumentParser
import Logging

/// The installation that an operator's command works on: that of a configuration file, or of `antidote up` on this
/// machine.
struct InstallationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationOptions

    @Option(help: "text, or json for programs.")
    var output = OutputFormat.text

    @OptionGroup var log: LogOptions

    var runner: CommandRunner { CommandRunner(output: output) }

    /// The settings, completed as `antidote up` completes them.
    func settings(_ runner: CommandRunner) async throws -> Settings {
        let settings = try await SettingsReader(file: file.config, environment: runner.environment).read()
        return LocalInstallation(environment: runner.environment).completing(settings)
    }

    /// Opens the store and the bus of the installation for the duration of `body`.
    func withInstance<Value: Sendable>(
        _ runner: CommandRunner,
        _ body: (HostedInstance) async throws -> Value
    ) async throws -> Value {
        let settings = try await settings(runner)
        guard let store = try StoreSelection(settings.services) else {
            throw AntidoteError(
                .configurationInvalid,
                "no store is configured",
                recovery: "Set \(Setting.databaseUrl) or \(Setting.stateFile)."
            )
        }
        let bus = try BusSelection(settings.services, clientName: "antidote") ?? .inProcess
        return try await HostedInstance.withParts(
            of: settings,
            store: store,
            bus: bus,
            backend: nil,
            logger: log.logger,
            body
        )
    }
}

public import AntidoteRuntime
public import ArgumentParser
public import Logging

/// `--config`
public struct ConfigurationOptions: ParsableArguments {
    /// The path of the file; `nil` for the default one.
    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

/// `--log-level`
struct LogOptions: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning or error: what to log on standard error.")
    var logLevel = Logger.Level.error

    /// Logs on standard error.
    var logger: Logger {
        var logger = Logger(label: "antidote", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel
        return logger
    }
}

/// `--backend`
struct BackendOptions: ParsableArguments {
    @Option(help: "auto, docker or fake: auto is docker if an engine answers or is named. (default: auto)")
    var backend: BackendChoice?

    /// Overrides the backend of `settings` if the flag was given.
    func apply(to settings: inout Settings) {
        if let backend { settings.backend = backend }
    }
}

extension BackendChoice: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}

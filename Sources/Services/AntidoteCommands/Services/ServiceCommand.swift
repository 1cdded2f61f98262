import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser
import Foundation

/// The command line of a program that runs services: a configuration, and nothing else to say.
public protocol ServiceCommand: AsyncParsableCommand {
    /// What it runs.
    static var roles: Set<ServiceRole> { get }
    /// The file that it was given.
    var config: String? { get }
}

extension ServiceCommand {
    public func run() async throws {
        let console = Console()
        let environment = ProcessInfo.processInfo.environment
        do {
            if let warning = SettingsReader.warning(about: environment) { console.say(warning) }
            let name = Self.configuration.commandName ?? "antidote"
            let settings = try await SettingsReader(file: config, environment: environment).read {
                ServiceProgram.problems(name, roles: Self.roles, $0)
            }
            try await ServiceProgram(name, roles: Self.roles, settings: settings, environment: environment).run()
        } catch let error as AntidoteError {
            for line in ErrorReport(error: error).lines { console.say(line) }
            throw ExitStatus.of(error)
        }
    }
}

/// `antidote-api`
public struct APICommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-api",
        abstract: "Answers visitors: lessons, sessions and live lessons, over HTTP.",
        discussion: ServiceHelp.text(of: "antidote-api"),
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.api]

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

/// `antidote-gc`
public struct CollectorCommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-gc",
        abstract: "Removes labs that nobody wants any more, and whatever has no owner.",
        discussion: ServiceHelp.text(of: "antidote-gc"),
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.gc]

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

/// `antidote-scheduler`
public struct SchedulerCommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-scheduler",
        abstract: "Builds, configures, changes and repairs labs.",
        discussion: ServiceHelp.text(of: "antidote-scheduler"),
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.scheduler]

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser

/// The command line of a program that runs services. Its only option is the configuration file.
public protocol ServiceCommand: AsyncParsableCommand {
    /// The services that the program runs.
    static var roles: Set<ServiceRole> { get }
    /// The configuration file.
    var file: ConfigurationOptions { get }
}

extension ServiceCommand {
    public func run() async throws {
        try await CommandRunner().run { runner in
            let name = Self.configuration.commandName ?? "antidote"
            let settings = try await runner.settings(file) {
                ServiceProgram.problems(name, roles: Self.roles, $0)
            }
            try await ServiceProgram(name, roles: Self.roles, settings: settings, environment: runner.environment).run()
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

    @OptionGroup public var file: ConfigurationOptions

    public init() {}
}

/// `antidote-gc`
public struct CollectorCommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-gc",
        abstract: "Removes labs that are no longer wanted, and resources without an owner.",
        discussion: ServiceHelp.text(of: "antidote-gc"),
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.gc]

    @OptionGroup public var file: ConfigurationOptions

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

    @OptionGroup public var file: ConfigurationOptions

    public init() {}
}

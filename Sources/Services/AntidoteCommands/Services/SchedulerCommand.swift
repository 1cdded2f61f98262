import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser

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

import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser

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

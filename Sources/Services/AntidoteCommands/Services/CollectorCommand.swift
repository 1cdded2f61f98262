import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser

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

import AntidoteCore
public import AntidoteHost
public import ArgumentParser

/// `antidote-scheduler`
public struct SchedulerCommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-scheduler",
        abstract: "Builds, configures, changes and repairs labs.",
        discussion: """
            Any number of copies may run, on any machine, over the same database and bus; each may be stopped, killed \
            and started at any time. SIGTERM or Ctrl-C: it takes no new work, ends or hands back what it has, and exits.

            Settings come from the file, and from the environment (ANTIDOTE_…) over it. It needs instanceId, databaseUrl, \
            natsUrl with credentials, and backend.

              antidote-scheduler --config /etc/antidote/antidote-config.yml
            """,
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.scheduler]

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

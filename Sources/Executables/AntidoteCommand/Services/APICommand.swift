import AntidoteCore
public import AntidoteHost
public import ArgumentParser

/// `antidote-api`
public struct APICommand: ServiceCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote-api",
        abstract: "Answers visitors: lessons, sessions and live lessons, over HTTP.",
        discussion: """
            Any number of copies may run, on any machine, over the same database and bus; each may be stopped, killed \
            and started at any time. SIGTERM or Ctrl-C: it takes no new work, ends or hands back what it has, and exits.

            Settings come from the file, and from the environment (ANTIDOTE_…) over it. It needs instanceId, databaseUrl, \
            natsUrl with credentials, and backend.

              antidote-api --config /etc/antidote/antidote-config.yml
            """,
        version: AntidoteRelease.version
    )
    public static let roles: Set<ServiceRole> = [.api]

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    public var config: String?

    public init() {}
}

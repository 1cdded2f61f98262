import AntidoteRuntime

/// The part of the help that every service shares.
enum ServiceHelp {
    /// - Parameter program: The name of the program.
    static func text(of program: String) -> String {
        """
        Any number of copies may run, on any machine, over the same database and bus; each may be stopped, killed \
        and started at any time. SIGTERM or Ctrl-C: it takes no new work, ends or hands back what it has, and exits. \
        Told twice, it ends at once, and others go on when its leases have run out.

        Settings come from the file, one “setting: value” a line, and from the environment over it, where \
        \(Setting.imageOrg) is \(Setting.imageOrg.variable). It needs \(Setting.instanceId), \(Setting.databaseUrl), \(Setting.natsUrl) with \
        credentials, and \(Setting.backend). All that there are:

        \(SettingsReader.keys.joined(separator: ", "))

          \(program) --config /etc/antidote/antidote-config.yml
        """
    }
}

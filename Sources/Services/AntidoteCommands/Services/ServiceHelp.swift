import AntidoteRuntime

/// What the help of every service says besides what it does.
enum ServiceHelp {
    /// - Parameter program: As it is called.
    static func text(of program: String) -> String {
        """
        Any number of copies may run, on any machine, over the same database and bus; each may be stopped, killed \
        and started at any time. SIGTERM or Ctrl-C: it takes no new work, ends or hands back what it has, and exits. \
        Told twice, it ends at once, and others go on when its leases have run out.

        Settings come from the file, one “setting: value” a line, and from the environment over it, where imageOrg is \
        ANTIDOTE_IMAGE_ORG. It needs instanceId, databaseUrl, natsUrl with credentials, and backend. All that there are:

        \(SettingsReader.keys.joined(separator: ", "))

          \(program) --config /etc/antidote/antidote-config.yml
        """
    }
}

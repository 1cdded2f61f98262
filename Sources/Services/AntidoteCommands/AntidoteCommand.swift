import AntidoteCore
public import ArgumentParser

/// The command line for authors, operators and anyone who wants to try Antidote.
public struct AntidoteCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "antidote",
        abstract: "Brings up labs: lessons with machines, networks, terminals and web pages of their own.",
        discussion: """
            Write a lesson, look for mistakes in it, and see it:

              antidote validate my-curriculum
              antidote run my-lesson --curriculum my-curriculum

            Run everything on this machine, or look at an installation:

              antidote up --curriculum my-curriculum
              antidote get livelessons
              antidote doctor

            Exit status: 0 all went well; 1 something is wrong with the curriculum or the lab failed; 64 the command \
            line is wrong; 69 no backend answers; 70 a defect of ours; 77 the backend refused; 78 the configuration is \
            wrong; 129, 130 or 143 interrupted (SIGHUP, Ctrl-C, SIGTERM) before the lab was ready, or twice.
            """,
        version: AntidoteRelease.version,
        groupedSubcommands: [
            CommandGroup(
                name: "For authors",
                subcommands: [RunCommand.self, UpCommand.self, ValidateCommand.self, SchemaCommand.self]
            ),
            CommandGroup(
                name: "For operators",
                subcommands: [
                    DatabaseCommand.self, ImportCommand.self, GetCommand.self, DeleteCommand.self, PersistCommand.self,
                    ExplainCommand.self, DoctorCommand.self,
                ]
            ),
        ]
    )

    public init() {}
}

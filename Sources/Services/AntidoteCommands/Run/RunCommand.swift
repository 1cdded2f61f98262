import AntidoteRuntime
import ArgumentParser
import Logging

/// `antidote run LESSON`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Brings up one lesson, shows how to reach it, and takes it away again.",
        discussion: """
            The lab is there until you press Ctrl-C, and nothing of it is left afterwards. A second Ctrl-C ends the \
            program at once; the next run then removes what is left. Type the number of a stage and Enter to change to \
            it.

              antidote run hello-network --curriculum Examples/curriculum --stage 1
            """
    )

    @Argument(help: "The slug of the lesson.")
    var lesson: String

    @Option(name: .shortAndLong, help: "The directory that holds curriculum.meta.yaml. (default: curriculumDir, or .)")
    var curriculum: String?

    @Option(help: "The stage to begin with.")
    var stage = 0

    @OptionGroup var backend: BackendOptions

    @Option(help: "text, or json for programs: one object on standard output when the lab is ready.")
    var output = OutputFormat.text

    @Flag(help: "Leave as soon as the lab is ready: does the lesson come up?")
    var leaveWhenReady = false

    @Flag(help: "Show the passwords of the images.")
    var showPasswords = false

    @OptionGroup var file: ConfigurationOptions

    @OptionGroup var log: LogOptions

    func validate() throws {
        if stage < 0 { throw ValidationError("--stage counts from 0.") }
    }

    func run() async throws {
        try await CommandRunner(output: output).run { runner in
            var settings = try await runner.settings(file)
            backend.apply(to: &settings)
            if let curriculum { settings.curriculumDirectory = curriculum }
            let session = RunSession(
                lesson: lesson,
                stage: stage,
                leavesWhenReady: leaveWhenReady,
                showsPasswords: showPasswords,
                settings: settings,
                runner: runner,
                logger: log.logger
            )
            try await session.run()
        }
    }
}

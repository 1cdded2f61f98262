import AntidoteCore
public import AntidoteRuntime
public import ArgumentParser
import CurriculumFiles
import Foundation
public import Logging

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

    @Option(help: "auto, docker or fake: auto is docker if an engine answers or is named. (default: auto)")
    var backend: BackendChoice?

    @Option(help: "text, or json for programs: one object on standard output when the lab is ready.")
    var output = OutputFormat.text

    @Flag(help: "Leave as soon as the lab is ready: does the lesson come up?")
    var leaveWhenReady = false

    @Flag(help: "Show the passwords of the images.")
    var showPasswords = false

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    var config: String?

    @Option(help: "trace, debug, info, notice, warning or error: what to log on standard error.")
    var logLevel = Logger.Level.error

    func validate() throws {
        if stage < 0 { throw ValidationError("--stage counts from 0.") }
    }

    func run() async throws {
        let console = Console()
        let environment = ProcessInfo.processInfo.environment
        do {
            if let warning = SettingsReader.warning(about: environment) { console.say(warning) }
            var settings = try await SettingsReader(file: config, environment: environment).read()
            if let backend { settings.backend = backend }
            if let curriculum { settings.curriculumDirectory = curriculum }
            var logger = Logger(label: "antidote", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = logLevel
            let session = RunSession(
                lesson: lesson,
                stage: stage,
                output: output,
                leavesWhenReady: leaveWhenReady,
                showsPasswords: showPasswords,
                settings: settings,
                environment: environment,
                console: console,
                logger: logger
            )
            try await session.run()
        } catch let error as AntidoteError {
            for line in ErrorReport(error: error).lines { console.say(line) }
            if output == .json { console.print(try ErrorReport(error: error).json()) }
            throw ExitStatus.of(error)
        }
    }
}

extension BackendChoice: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}

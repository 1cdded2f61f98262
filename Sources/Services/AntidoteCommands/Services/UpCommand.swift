import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import ArgumentParser
import Foundation

/// `antidote up`
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Runs the whole installation in one process: API, scheduler and collector.",
        discussion: """
            Where nothing else is configured, its state is a file in your state directory, its events stay in the \
            process, and its labs run on Docker if an engine answers. Labs survive a restart of this program; end them \
            with antidote delete, or let them expire.

              antidote up --curriculum Examples/curriculum
              curl -X POST http://127.0.0.1:8086/v1/sessions
            """
    )

    @Option(name: .shortAndLong, help: "A curriculum to import at the start. (default: curriculumDir, or none)")
    var curriculum: String?

    @Option(help: "auto, docker or fake: auto is docker if an engine answers or is named. (default: auto)")
    var backend: BackendChoice?

    @Option(help: "The configuration file. (default: \(SettingsReader.defaultFile) if it is there)")
    var config: String?

    func run() async throws {
        let console = Console()
        let environment = ProcessInfo.processInfo.environment
        do {
            if let warning = SettingsReader.warning(about: environment) { console.say(warning) }
            let local = LocalInstallation(environment: environment)
            var settings = try await SettingsReader(file: config, environment: environment).read { settings in
                ServiceProgram.problems("antidote", roles: Set(ServiceRole.allCases), local.completing(settings))
            }
            if let backend { settings.backend = backend }
            settings = local.completing(settings)
            let edition = try (curriculum ?? settings.curriculumDirectory).map { try CurriculumEdition.read(from: $0) }
            let program = ServiceProgram(
                "antidote",
                roles: Set(ServiceRole.allCases),
                settings: settings,
                environment: environment
            )
            try await program.run(
                importing: edition,
                note: { console.say($0) },
                onListening: { address in
                    console.say("The API answers at http://\(address)/v1. Ctrl-C ends this program; its labs stay.")
                }
            )
        } catch let error as AntidoteError {
            for line in ErrorReport(error: error).lines { console.say(line) }
            throw ExitStatus.of(error)
        }
    }
}

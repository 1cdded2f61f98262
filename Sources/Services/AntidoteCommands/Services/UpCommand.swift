import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import ArgumentParser

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

    @OptionGroup var backend: BackendOptions

    @OptionGroup var file: ConfigurationOptions

    func run() async throws {
        try await CommandRunner().run { runner in
            let roles = Set(ServiceRole.allCases)
            let local = LocalInstallation(environment: runner.environment)
            var settings = try await runner.settings(file) {
                ServiceProgram.problems("antidote", roles: roles, local.completing($0))
            }
            backend.apply(to: &settings)
            settings = local.completing(settings)
            let edition = try (curriculum ?? settings.curriculumDirectory).map { try CurriculumEdition.read(from: $0) }
            let program = ServiceProgram(
                "antidote",
                roles: roles,
                settings: settings,
                environment: runner.environment
            )
            try await program.run(
                importing: edition,
                note: { runner.console.say($0) },
                onListening: { address in
                    runner.console.say(
                        "The API answers at http://\(address)/v1. Ctrl-C ends this program; its labs stay."
                    )
                }
            )
        }
    }
}

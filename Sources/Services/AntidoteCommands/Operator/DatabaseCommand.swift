import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import ArgumentParser

/// `antidote db init`
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Makes the database of an installation.",
        subcommands: [InitializeCommand.self]
    )

    struct InitializeCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Makes the tables in the database that \(Setting.databaseUrl) names, and drops what was there.",
            discussion: """
                Everything that the installation remembers is gone afterwards. Labs that still run are then nobody's: \
                the new store has an identity of its own, and no collector touches what another store made. Stop the \
                services and remove their labs first.

                  antidote db init --yes --curriculum Examples/curriculum
                """
        )

        @Option(name: .shortAndLong, help: "A curriculum to import at once.")
        var curriculum: String?

        @Flag(help: "Do it, also where there are tables already.")
        var yes = false

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await installation.runner.run { runner in
                let settings = try await installation.settings(runner)
                let edition = try curriculum.map { try CurriculumEdition.read(from: $0) }
                let id = try await (try StoreSelection(settings.services) ?? .memory)
                    .initialize(with: edition, replacing: yes)
                try runner.show(["store": id.rawValue]) { "The database holds the store \(id) now.\n" }
            }
        }
    }
}

import AntidoteCore
import AntidoteHost
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
            abstract: "Makes the tables in the database that databaseUrl names, and drops what was there.",
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
            try await installation.reporting { console in
                let settings = try await installation.settings()
                guard let store = try StoreSelection(settings.services), case .postgres = store else {
                    throw AntidoteError(
                        .configurationInvalid,
                        "no PostgreSQL database is configured",
                        advice: "Set databaseUrl; a file of SQLite makes itself."
                    )
                }
                let database = try store.database(time: .system, random: .system)
                if !yes, let found = try? await database.check() {
                    throw AntidoteError(
                        .configurationInvalid,
                        "the database holds the store \(found.store) of release \(found.release) already",
                        advice: "Repeat the command with --yes to drop it, with everything in it."
                    )
                }
                let edition = try curriculum.map { try CurriculumEdition.read(from: $0) }
                let id = try await database.initialize(curriculum: edition)
                switch installation.output {
                case .text: console.print("The database holds the store \(id) now.\n")
                case .json: console.print(try JSONOutput.text(["store": id.rawValue]))
                }
            }
        }
    }
}

import AntidoteCore
import AntidoteLessons
import ArgumentParser
import CurriculumFiles

/// `antidote schema KIND`
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints what a file of a curriculum, or a message on the bus, may hold.",
        discussion: """
            The JSON Schema (draft 2020-12) of a lesson.meta.yaml, image.meta.yaml, collection.meta.yaml or \
            curriculum.meta.yaml. An editor that knows it completes fields, explains them and marks mistakes while you \
            write. What takes more than one value to be seen, such as a guide that is missing, antidote validate tells.

            For Visual Studio Code with the YAML extension (redhat.vscode-yaml), in the curriculum's directory:

              mkdir -p .vscode
              for kind in lesson image collection curriculum; do
                antidote schema $kind > .vscode/$kind.schema.json
              done

            and in .vscode/settings.json:

              "yaml.schemas": {
                ".vscode/lesson.schema.json": "lesson.meta.yaml",
                ".vscode/image.schema.json": "image.meta.yaml",
                ".vscode/collection.schema.json": "collection.meta.yaml",
                ".vscode/curriculum.schema.json": "curriculum.meta.yaml"
              }

            Other editors that use yaml-language-server also read it from a file's first line:

              # yaml-language-server: $schema=../../.vscode/lesson.schema.json

            Of the messages that are published on the bus, for software that subscribes to them:

              antidote schema LiveLessonReady
            """
    )

    @Argument(help: "A kind of file, or of message.")
    var kind: Subject

    func run() async throws {
        try await CommandRunner().run { $0.console.print(try kind.schema()) }
    }
}

extension SchemaCommand {
    /// A kind of file or message that has a schema.
    enum Subject: ExpressibleByArgument {
        case file(CurriculumFile)
        case message(EventSchema)

        /// The names of the messages on the bus.
        static let messages = (try? EventSchema.all().map(\.name)) ?? []

        static var allValueStrings: [String] { CurriculumFile.allCases.map(\.rawValue) + messages }

        init?(argument: String) {
            if let file = CurriculumFile(rawValue: argument) {
                self = .file(file)
            } else if let message = try? EventSchema.all().first(where: { $0.name == argument }) {
                self = .message(message)
            } else {
                return nil
            }
        }

        func schema() throws -> String {
            switch self {
            case .file(let file): try file.schema()
            case .message(let message): message.schema
            }
        }
    }
}

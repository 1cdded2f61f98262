import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import ArgumentParser

/// `antidote import DIRECTORY`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes a curriculum the current one, with the files of its lessons.",
        discussion: """
            In one transaction: all of it, or nothing where something in it is wrong. Services offer it within seconds, \
            without a restart; live lessons keep the edition that they started with.

              antidote import Examples/curriculum
            """
    )

    @Argument(help: "The directory that holds curriculum.meta.yaml.")
    var directory: String

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await installation.runner.run { runner in
            let edition = try CurriculumEdition.read(from: directory)
            try await installation.withInstance(runner) { instance in
                try await instance.lessons.replaceCurriculum(with: edition)
            }
            let report = Report(
                lessons: edition.curriculum.lessons.count,
                collections: edition.curriculum.collections.count,
                images: edition.curriculum.images.count,
                bytes: edition.files.values.reduce(0) { $0 + $1.size },
                version: edition.curriculum.version
            )
            try runner.show(report) {
                "Imported \(report.lessons) lessons, \(report.collections) collections and \(report.images) images "
                    + "(\(report.bytes) bytes of files) as edition \(report.version).\n"
            }
        }
    }

    private struct Report: Encodable {
        var lessons: Int
        var collections: Int
        var images: Int
        var bytes: Int
        var version: String
    }
}

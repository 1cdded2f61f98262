import ArgumentParser
import CurriculumFiles
import Foundation

/// `antidote validate [DIR]`
struct ValidateCommand: AsyncParsableCommand {
    /// The format of the report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case sarif
    }

    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Finds everything that is wrong with a curriculum, in one go.",
        discussion: """
            Each problem is printed with its file, line and column, the rule it breaks, and how to mend it. Errors are \
            what a lab cannot work with; warnings are worth a look. Exit status 1 if there are errors.

            With --output sarif the report is a SARIF 2.1.0 log, which code hosts and editors show beside the lines \
            that it is about. Start it in the root of the repository: the files are named from there.

              antidote validate my-curriculum --output sarif > antidote.sarif
            """
    )

    @Argument(help: "The directory that holds curriculum.meta.yaml.")
    var directory = "."

    @Option(help: "text, json for programs, or sarif for code scanning.")
    var output = Format.text

    func run() async throws {
        try await CommandRunner().run { runner in
            let report = ValidationReport(CurriculumReader(directory: directory).read())
            switch output {
            case .text: runner.console.print(report.text)
            case .json: runner.console.print(try report.json())
            case .sarif:
                let start = FileManager.default.currentDirectoryPath
                runner.console.print(try report.sarif(directory: ValidateCommand.name(of: directory, from: start)))
            }
            if !report.isValid { throw ExitCode(1) }
        }
    }

    /// The path of `directory` relative to `start`. Empty for `start` itself and for a directory outside of it; the
    /// report then names files relative to the curriculum's directory.
    static func name(of directory: String, from start: String) -> String {
        let root = URL(fileURLWithPath: start).standardizedFileURL.pathComponents
        let path = URL(fileURLWithPath: directory, relativeTo: URL(fileURLWithPath: start, isDirectory: true))
            .standardizedFileURL.pathComponents
        guard path.starts(with: root) else { return "" }
        return path.dropFirst(root.count).joined(separator: "/")
    }
}

import ArgumentParser
import CurriculumFiles

/// `antidote validate [DIR]`
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Finds everything that is wrong with a curriculum, in one go.",
        discussion: """
            Each problem is printed with its file, line and column, the rule it breaks, and how to mend it. Errors are \
            what a lab cannot work with; warnings are worth a look. Exit status 1 if there are errors.
            """
    )

    @Argument(help: "The directory that holds curriculum.meta.yaml.")
    var directory = "."

    @Option(help: "text, or json for programs.")
    var output = OutputFormat.text

    func run() async throws {
        let report = ValidationReport(CurriculumReader(directory: directory).read())
        let console = Console()
        console.print(output == .json ? try report.json() : report.text)
        if !report.isValid { throw ExitCode(1) }
    }
}

import Foundation
import Testing

/// The words of the program: what it makes of wrong ones, and what it says about itself.
@Suite("The command line", .timeLimit(.minutes(2)))
struct CommandLineTests {
    let program: Program

    init() throws { program = try Program() }

    @Test func helpTellsTheExitStatuses() async throws {
        let help = try await program.run("--help")
        #expect(help.ending == .exited(0))
        let text = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for status in [
            "0 all went well", "1 something is wrong", "64 the", "69 no backend", "77 the", "78 the", "129, 130",
        ] {
            #expect(text.contains(status))
        }
        #expect(help.output.contains("run"))
        #expect(help.output.contains("validate"))
        #expect(help.output.contains("schema"))
    }

    @Test(arguments: ["run", "validate"])
    func everyCommandHasHelp(command: String) async throws {
        let help = try await program.run(command, "--help")
        #expect(help.ending == .exited(0))
        #expect(help.output.contains("USAGE: antidote \(command)"))
        #expect(help.output.contains("--output"))
    }

    @Test func tellsItsVersion() async throws {
        let version = try await program.run("--version")
        #expect(version.ending == .exited(0))
        let file = URL(fileURLWithPath: Curriculum.example).appendingPathComponent("../../VERSION")
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(version.output == written)
    }

    @Test(arguments: [
        ["run"], ["run", "shell-basics", "--stag", "1"], ["run", "shell-basics", "--stage", "one"],
        ["run", "shell-basics", "--backend", "podman"], ["run", "shell-basics", "--output", "xml"],
        ["run", "shell-basics", "--output", "sarif"],
        ["validate", "--output", "xml"], ["schema"], ["schema", "lessons"], ["walk"],
    ])
    func aWrongCommandLineIsStatus64(arguments: [String]) async throws {
        let finished = try await program.start(arguments) { try await Finished($0) }
        #expect(finished.ending == .exited(64), "\(finished)")
        #expect(finished.errors.contains("Error: "))
        #expect(finished.errors.contains("Usage: antidote"))
        #expect(finished.output.isEmpty)
    }

    @Test func aLessonThatIsMisspeltIsSuggested() async throws {
        let finished = try await program.run("run", "hello-netwrok", "--curriculum", Curriculum.example)
        #expect(finished.ending == .exited(1))
        #expect(finished.errors.hasPrefix("error[notFound]: there is no usable lesson “hello-netwrok”"))
        #expect(finished.errors.contains("Did you mean “hello-network”? There are: hello-network, shell-basics."))
    }

    @Test func aStageThatIsNotThereIsNamed() async throws {
        let finished = try await program.run("run", "shell-basics", "--stage", "7", "--curriculum", Curriculum.example)
        #expect(finished.ending == .exited(1))
        #expect(
            finished.errors == "error[notFound]: the lesson “shell-basics” has no stage 7\n  Its stages are 0 to 1.\n"
        )
    }

    @Test func aDirectoryThatIsNoCurriculumIsNamed() async throws {
        for directory in ["/nonexistent", "/"] {
            let finished = try await program.run("run", "shell-basics", "--curriculum", directory)
            #expect(finished.ending == .exited(1))
            #expect(finished.errors.hasPrefix("error[curriculumInvalid]: \(directory): "), "\(finished)")
            #expect(finished.errors.contains("antidote validate \(directory)"))
        }
    }

    @Test func aBrokenLessonIsNamedByFileLineAndColumn() async throws {
        let curriculum = try Curriculum()
        let file = "lessons/shell-basics/lesson.meta.yaml"
        let text = try String(contentsOfFile: "\(curriculum.path)/\(file)", encoding: .utf8)
        try curriculum.write(file, text.replacingOccurrences(of: "  image: workstation", with: "  image: workstatoin"))
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex(of: "  image: workstation")
        let place = "\(file):\(try #require(line) + 1):10"

        let run = try await program.run("run", "shell-basics", "--curriculum", curriculum.path, "--output", "json")
        #expect(run.ending == .exited(1))
        #expect(run.errors.hasPrefix("error[curriculumInvalid]: \(place): "), "\(run)")
        let error = try #require(try Documents.all(ErrorDocument.self, in: run.output).first).error
        #expect(error.code == "curriculumInvalid")
        #expect(error.place == place)

        let report = try await program.run("validate", curriculum.path)
        #expect(report.ending == .exited(1))
        #expect(report.output.contains("\(place): error["), "\(report)")
    }

    @Test func aSettingThatIsMisspeltIsSuggested() async throws {
        let curriculum = try Curriculum()
        try curriculum.write("settings.yml", "imagOrg: somebody\njobDeadline: soon\n")
        let settings = "\(curriculum.path)/settings.yml"
        let finished = try await program.run(
            "run",
            "shell-basics",
            "--curriculum",
            Curriculum.example,
            "--config",
            settings,
            "--output",
            "json"
        )
        #expect(finished.ending == .exited(78))
        let error = try #require(try Documents.all(ErrorDocument.self, in: finished.output).first).error
        #expect(error.code == "configurationInvalid")
        #expect(error.place == settings)
        #expect(error.message.contains("there is no setting “imagOrg”; did you mean “imageOrg”?"))
        #expect(error.message.contains("jobDeadline"))
    }

    @Test func aGoodCurriculumIsValid() async throws {
        let text = try await program.run("validate", Curriculum.example)
        #expect(text.ending == .exited(0))
        #expect(text.output == "2 lessons, no errors, no warnings\n")
        let json = try await program.run("validate", Curriculum.example, "--output", "json")
        #expect(json.ending == .exited(0))
        let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
        #expect(report.valid)
        #expect(report.problems.isEmpty)
    }

    @Test func aBadCurriculumIsToldWholeToPrograms() async throws {
        let curriculum = try Curriculum()
        try curriculum.write("lessons/shell-basics/lesson.meta.yaml", "slug: [\n")
        try curriculum.write("images/webserver/image.meta.yaml", "slug: webserver\nflavour: untrusted\n")
        let json = try await program.run("validate", curriculum.path, "--output", "json")
        #expect(json.ending == .exited(1))
        let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
        #expect(!report.valid)
        let files = Set(report.problems.map(\.file))
        #expect(files.isSuperset(of: ["lessons/shell-basics/lesson.meta.yaml", "images/webserver/image.meta.yaml"]))
        #expect(report.problems.allSatisfy { !$0.rule.isEmpty && !$0.advice.isEmpty })
    }

    @Test func aBadCurriculumIsToldToCodeScanning() async throws {
        struct Log: Decodable {
            var version: String
            var runs: [Run]

            struct Run: Decodable { var results: [Result] }
            struct Result: Decodable { var ruleId: String }
        }
        let curriculum = try Curriculum()
        try curriculum.write("images/webserver/image.meta.yaml", "slug: webserver\nflavour: untrusted\n")
        let sarif = try await program.run("validate", curriculum.path, "--output", "sarif")
        #expect(sarif.ending == .exited(1))
        let log = try JSONDecoder().decode(Log.self, from: Data(sarif.output.utf8))
        #expect(log.version == "2.1.0")
        #expect(Set(log.runs.flatMap(\.results).map(\.ruleId)).isSuperset(of: ["key-unknown", "field-missing"]))
        #expect(try await program.run("validate", Curriculum.example, "--output", "sarif").ending == .exited(0))
    }

    @Test(arguments: ["lesson", "image", "collection", "curriculum"])
    func anEditorGetsASchema(kind: String) async throws {
        struct Schema: Decodable {
            struct Property: Decodable { var description: String }

            var properties: [String: Property]
            var required: [String]
        }
        let printed = try await program.run("schema", kind)
        #expect(printed.ending == .exited(0))
        let schema = try JSONDecoder().decode(Schema.self, from: Data(printed.output.utf8))
        #expect(schema.required.contains(kind == "curriculum" ? "name" : "slug"))
        #expect(schema.properties.values.allSatisfy { $0.description.hasSuffix(".") })
    }

    /// What `antidote validate --output json` prints.
    private struct Report: Decodable {
        var valid: Bool
        var problems: [Problem]

        struct Problem: Decodable {
            var file: String
            var rule: String
            var advice: String
        }
    }
}

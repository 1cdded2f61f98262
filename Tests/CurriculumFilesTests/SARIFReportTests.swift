import AntidoteCore
import CurriculumFiles
import Foundation
import Testing

/// The report as the OASIS standard SARIF 2.1.0 wants it. What it requires is required of the types that it is read as.
@Suite struct SARIFReportTests {
    private struct Log: Decodable {
        let version: String
        let runs: [Run]
    }

    private struct Run: Decodable {
        let tool: Tool
        let columnKind: String
        let newlineSequences: [String]
        let originalUriBaseIds: [String: Base]
        let results: [Result]
    }

    private struct Tool: Decodable { let driver: Driver }

    private struct Driver: Decodable {
        let name: String
        let version: String
        let informationUri: URL
        let rules: [Descriptor]
    }

    private struct Base: Decodable { let description: Text }

    private struct Descriptor: Decodable {
        let id: String
        let shortDescription: Text
        let help: Text
        let helpUri: URL
        let defaultConfiguration: Configuration
    }

    private struct Configuration: Decodable { let level: String }
    private struct Text: Decodable { let text: String }

    private struct Result: Decodable {
        let ruleId: String
        let ruleIndex: Int
        let level: String
        let message: Text
        let locations: [Place]
    }

    private struct Place: Decodable { let physicalLocation: PhysicalPlace }

    private struct PhysicalPlace: Decodable {
        let artifactLocation: Artifact
        let region: Region?
    }

    private struct Artifact: Decodable {
        let uri: String
        let uriBaseId: String
    }

    private struct Region: Decodable {
        let startLine: Int
        let startColumn: Int
    }

    private func run(_ problems: [Problem], directory: String = "") throws -> Run {
        let text = try ValidationReport(problems: problems, lessonCount: 1).sarif(directory: directory)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["$schema", "version", "runs"])
        let log = try JSONDecoder().decode(Log.self, from: Data(text.utf8))
        #expect(log.version == "2.1.0")
        #expect(log.runs.count == 1)
        return try #require(log.runs.first)
    }

    private func rule(_ id: String) throws -> Rule { try #require(Rule.all.first { $0.id == id }) }

    @Test func everyRuleIsTold() throws {
        let driver = try run([]).tool.driver
        #expect(driver.name == "antidote")
        #expect(driver.version == AntidoteRelease.version)
        #expect(driver.rules.map(\.id) == Rule.all.map(\.id))
        #expect(driver.rules.map(\.shortDescription.text) == Rule.all.map(\.summary))
        #expect(driver.rules.map(\.help.text) == Rule.all.map(\.advice))
        #expect(driver.rules.map(\.defaultConfiguration.level) == Rule.all.map(\.severity.rawValue))
    }

    /// An anchor that is not on the page would lead nowhere.
    @Test func everyRuleLeadsToItsHeading() throws {
        let headings = RuleDocument.markdown.split(separator: "\n").filter { $0.hasPrefix("## ") }
            .map { $0.dropFirst(3).lowercased().replacing(" ", with: "-") }
        for rule in try run([]).tool.driver.rules {
            #expect(rule.helpUri.path.hasSuffix("/docs/curriculum-rules.md"))
            #expect(headings.contains(try #require(rule.helpUri.fragment)))
        }
    }

    @Test func aProblemIsAResultAtItsPlace() throws {
        let sandbox = try Sandbox(
            GoodCurriculum.replacing("image: utility", with: "image: utilty", in: GoodCurriculum.second)
        )
        let run = try run(sandbox.read().problems, directory: "Examples/my curriculum")
        let result = try #require(run.results.first)
        #expect(run.results.count == 1)
        #expect(result.ruleId == "image-unknown")
        #expect(run.tool.driver.rules[result.ruleIndex].id == "image-unknown")
        #expect(result.level == "error")
        #expect(result.message.text == "there is no image “utilty”\nDid you mean “utility”?")
        let place = try #require(result.locations.first).physicalLocation
        #expect(place.artifactLocation.uri == "Examples/my%20curriculum/\(GoodCurriculum.second)")
        #expect(run.originalUriBaseIds.keys.contains(place.artifactLocation.uriBaseId))
        let region = try #require(place.region)
        #expect(region.startLine == 9 && region.startColumn == 10)
    }

    /// Beyond the first plane a character is one scalar and two UTF-16 units.
    @Test func columnsAreCountedAsIsSaid() throws {
        let files = GoodCurriculum.replacing(
            "tags:\n- a",
            with: "tags: [\"🧪🧪\", [c]]\nx:\n- a",
            in: GoodCurriculum.lesson
        )
        let run = try run(try Sandbox(files).read().problems)
        #expect(run.columnKind == "unicodeCodePoints")
        let region = run.results.first { $0.ruleId == "wrong-type-ignored" }?.locations.first?.physicalLocation.region
        #expect(try #require(region).startColumn == 14)
    }

    @Test func aProblemWithAFileAsAWholeHasNoRegion() throws {
        let run = try run([Problem(rule("file-special"), file: "lessons/a/pipe", "it is a pipe")])
        let place = try #require(run.results.first?.locations.first).physicalLocation
        #expect(place.artifactLocation.uri == "lessons/a/pipe")
        #expect(place.region == nil)
    }

    @Test(arguments: [
        (".", "", "./"), (".", "a", "a/"), ("x", "./a/", "a/x"), ("a:b", "", "a%3Ab"), ("100%?#", "", "100%25%3F%23"),
        ("größe", "", "gr%C3%B6%C3%9Fe"), ("a b/c+d", "e&f", "e%26f/a%20b/c%2Bd"), ("~a-b._", "", "~a-b._"),
    ])
    func aFileIsARelativeReference(file: String, directory: String, reference: String) throws {
        let run = try run([Problem(rule("file-special"), file: file, "x")], directory: directory)
        #expect(run.results.first?.locations.first?.physicalLocation.artifactLocation.uri == reference)
        #expect(URL(string: reference) != nil)
    }

    /// Braces are placeholders and brackets links in a message, unless they are escaped.
    @Test func whatACurriculumSaysIsNoMarkup() throws {
        let run = try run([
            Problem(rule("key-unknown"), file: "a", "“{0}[x](https://evil.example)”", advice: "Mend it.")
        ])
        #expect(run.results.first?.message.text == "“{{0}}\\[x\\](https://evil.example)”\nMend it.")
    }

    @Test func aReportWithoutProblemsHasAnEmptyListOfResults() throws {
        #expect(try run([]).results.isEmpty)
    }
}

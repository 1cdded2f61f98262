import CurriculumFiles
import Foundation
import Testing

@Suite struct RuleDocumentTests {
    /// With `ANTIDOTE_UPDATE_DOCS` set the page is written anew instead.
    @Test func thePageOfRulesIsTheTable() throws {
        let page = Repository.root + "/docs/curriculum-rules.md"
        if ProcessInfo.processInfo.environment["ANTIDOTE_UPDATE_DOCS"] != nil {
            try RuleDocument.markdown.write(toFile: page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: page, encoding: .utf8) == RuleDocument.markdown)
    }
}

/// The checkout that the tests were built from.
enum Repository {
    static let root: String = {
        var path = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { path.deleteLastPathComponent() }
        return path.path
    }()
}

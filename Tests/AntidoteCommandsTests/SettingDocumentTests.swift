import AntidoteRuntime
import Foundation
import Testing

@Suite("The page of settings")
struct SettingDocumentTests {
    /// With `ANTIDOTE_UPDATE_DOCS` set the page is written anew instead.
    @Test func `docs/configuration.md lists the declared settings`() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["ANTIDOTE_UPDATE_DOCS"] != nil {
            try Data(SettingDocument.markdown.utf8).write(to: page)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == SettingDocument.markdown)
    }
}

import AntidoteTesting
import Foundation
import Testing

@Suite("Verdicts of suites")
struct VerdictTests {
    @Test(
        "a verdict as JSON names what was tried, and comes back as it was",
        arguments: ConformanceVerdict.Kind.allCases
    )
    func json(kind: ConformanceVerdict.Kind) async throws {
        var verdict = try await StateStoreConformance(of: InMemorySubject()).run(only: ["admit/new", "read"])
        verdict.kind = kind
        let text = try verdict.json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object[kind.rawValue] as? String == "in memory")
        #expect(Set(object.keys) == [kind.rawValue, "cases"])
        let read = try JSONDecoder().decode(ConformanceVerdict.self, from: Data(text.utf8))
        #expect(read.kind == kind && read.subject == verdict.subject && read.cases.count == verdict.cases.count)
    }

    @Test("only what was selected is asked, and what does not exist is a named error")
    func selection() async throws {
        let suite = StateStoreConformance(of: InMemorySubject())
        let verdict = try await suite.run(only: ["read/known", "renew"])
        #expect(verdict.cases.count > 2)
        #expect(verdict.cases.allSatisfy { $0.id == "read/known" || $0.id.hasPrefix("renew/") })
        #expect(verdict.holds)
        await #expect(throws: (any Error).self) { try await suite.run(only: ["nonsense"]) }
    }
}

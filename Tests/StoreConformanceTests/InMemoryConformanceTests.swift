import AntidoteTesting
import ReferenceModel
import Testing

@Suite("Conformance of the store in memory")
struct InMemoryConformanceTests {
    @Test("it does what every store must do", .timeLimit(.minutes(3)))
    func conforms() async throws {
        let verdict = try await StateStoreConformance(of: InMemorySubject(), model: ReferenceStore.init).run()
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        let asked = verdict.cases.map(\.id)
        #expect(asked == StateStoreConformance.caseIDs)
    }

    @Test("an author's run needs no other model than the store in memory", .timeLimit(.minutes(3)))
    func conformsToItself() async throws {
        let verdict = try await StateStoreConformance(of: InMemorySubject()).run()
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
    }

    @Test("every case has an id and a rule of its own")
    func ids() {
        let rules = StateStoreConformance.rules
        #expect(Set(rules.map(\.id)).count == rules.count)
        #expect(Set(rules.map(\.rule)).count == rules.count)
    }
}

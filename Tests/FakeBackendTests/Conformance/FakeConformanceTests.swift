import AntidoteTesting
import Testing

@Suite("Conformance")
struct FakeConformanceTests {
    @Test("the fake backend keeps what a backend without real machines can keep", .timeLimit(.minutes(3)))
    func conforms() async throws {
        let verdict = try await BackendConformance(of: FakeSubject()).run(parallel: 8)
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        let asked = verdict.cases.map(\.id)
        #expect(asked == BackendConformance.caseIDs)
    }
}

#if SQLite
import AntidoteTesting
import ReferenceModel
import Testing

@Suite("Conformance of the store in SQLite")
struct SQLiteConformanceTests {
    @Test(
        "it does what every store must do",
        .timeLimit(.minutes(5)),
        arguments: [SQLiteSubject(), SQLiteInMemorySubject()] as [any StateStoreSubject]
    )
    func conforms(_ subject: any StateStoreSubject) async throws {
        let verdict = try await StateStoreConformance(of: subject, model: ReferenceStore.init).run()
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        let asked = verdict.cases.map(\.id)
        #expect(asked == StateStoreConformance.caseIDs)
    }
}
#endif

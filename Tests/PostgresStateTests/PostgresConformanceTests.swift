import AntidoteTesting
import ReferenceModel
import StoreMutants
import Testing

@Suite("Conformance of the store in PostgreSQL")
struct PostgresConformanceTests {
    @Test("it does what every store must do", .timeLimit(.minutes(10)))
    func conforms() async throws {
        let verdict = try await StateStoreConformance(of: PostgresSubject(), model: ReferenceStore.init).run()
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        let asked = verdict.cases.map(\.id)
        #expect(asked == StateStoreConformance.caseIDs)
    }

    /// But for one whose fault this store takes away: a claim that is cancelled has not happened here.
    static let mutants = StoreMutant.all.filter { $0.cases != ["trouble/deciding"] }

    /// Real time and round trips let no fault pass, either.
    @Test("a mutant is rejected by each case that is about its fault", .timeLimit(.minutes(5)), arguments: mutants)
    func rejected(_ mutant: StoreMutant) async throws {
        let survivors = try await mutant.survivors(at: PostgresSubject())
        #expect(survivors == [], "a store that \(mutant.fault) passes")
    }
}

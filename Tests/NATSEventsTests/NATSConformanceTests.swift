import AntidoteTesting
import BusMutants
import Testing

@Suite("Conformance of the bus over NATS", .timeLimit(.minutes(5)))
struct NATSConformanceTests {
    @Test func conforms() async throws {
        let verdict = try await EventBusConformance(of: NATSSubject()).run()
        #expect(verdict.holds, "\(verdict.text)")
        #expect(verdict.findings(.passed).map(\.id) == EventBusConformance.caseIDs, "\(verdict.text)")
    }

    @Test(arguments: BusMutant.all)
    func rejected(_ mutant: BusMutant) async throws {
        let survivors = try await mutant.survivors(at: NATSSubject())
        #expect(survivors == [], "a bus that \(mutant) passes")
    }
}

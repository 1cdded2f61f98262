import AntidoteTesting
import BusMutants
import Testing

@Suite("Conformance of the bus in the process", .timeLimit(.minutes(3)))
struct InProcessConformanceTests {
    @Test func conforms() async throws {
        let verdict = try await EventBusConformance(of: InProcessSubject()).run()
        #expect(verdict.holds, "\(verdict.text)")
        #expect(verdict.cases.map(\.id) == EventBusConformance.caseIDs)
        // Without a server there is nothing to restart, and nobody else writes to it.
        let notAble = Set(verdict.findings(.notAble).map(\.id))
        #expect(
            notAble.allSatisfy { $0.hasPrefix("trouble/") || $0.hasSuffix("publisher") || $0.hasSuffix("strangers") }
        )
        #expect(verdict.findings(.passed).count >= 17)
    }

    @Test(arguments: BusMutant.all)
    func rejected(_ mutant: BusMutant) async throws {
        let survivors = try await mutant.survivors(at: InProcessSubject())
        #expect(survivors == [], "a bus that \(mutant) passes")
    }

    @Test func everyCaseHasAMutant() {
        let tried = Set(BusMutant.all.flatMap(\.cases))
        #expect(Set(EventBusConformance.caseIDs).subtracting(tried) == [])
    }

    @Test func everyCaseSaysWhatItIsAbout() {
        #expect(Set(EventBusConformance.caseIDs).count == EventBusConformance.caseIDs.count)
        #expect(EventBusConformance.rules.allSatisfy { $0.rule.count > 20 })
    }
}

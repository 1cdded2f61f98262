import AntidoteTesting
import StoreMutants
import Testing

@Suite("The suite rejects wrong stores")
struct StoreMutantTests {
    @Test(
        "a mutant is rejected by each case that is about its fault",
        .timeLimit(.minutes(3)),
        arguments: StoreMutant.all
    )
    func rejected(_ mutant: StoreMutant) async throws {
        let survivors = try await mutant.survivors(at: InMemorySubject())
        #expect(survivors == [], "a store that \(mutant.fault) passes")
    }

    @Test("every case has a mutant that it must reject")
    func everyCase() {
        let rejecting = Set(StoreMutant.all.flatMap(\.cases))
        #expect(StateStoreConformance.caseIDs.filter { !rejecting.contains($0) } == [])
    }
}

import AntidoteTesting
import BackendMutants
import Testing

@Suite("Conformance rejects wrong backends")
struct FakeMutantTests {
    @Test(
        "a mutant of the fake backend is rejected by each case that is about its fault",
        .timeLimit(.minutes(3)),
        arguments: BackendMutant.lifecycle + BackendMutant.listing + BackendMutant.machines + BackendMutant.jobs
    )
    func rejected(_ mutant: BackendMutant) async throws {
        let survivors = try await mutant.survivors(at: FakeSubject(), parallel: 8) { print($0) }
        #expect(survivors == [], "a backend that \(mutant.fault) passes")
    }
}

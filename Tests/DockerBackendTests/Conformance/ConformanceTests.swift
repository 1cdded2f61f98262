import AntidoteTesting
import BackendMutants
import Foundation
import Testing

/// One after the other: each uses the engine as much as it bears.
@Suite("Conformance", .serialized)
struct ConformanceTests {
    /// What the backend, or an engine of this kind, says that it cannot do. A case that joins this list is a loss, one
    /// that leaves it a gain: either is to be seen.
    static let notAble: Set<String> = []

    @Test("the Docker backend keeps the contract, case by case", .timeLimit(.minutes(15)))
    func conforms() async throws {
        // While a backend is written: a few cases or areas, with blanks between them.
        let wanted = ProcessInfo.processInfo.environment["ANTIDOTE_TEST_CASES"].map { cases in
            Set(cases.split(separator: " ").map { String($0) })
        }
        let verdict = try await PrivateRegistry.with { registry in
            try await BackendConformance(of: try DockerSubject(privateRegistry: registry)).run(
                only: wanted,
                parallel: 6
            )
        }
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        guard wanted == nil else { return }
        let notAble = Set(verdict.findings(.notAble).map(\.id))
        #expect(notAble == Self.notAble)
        let asked = verdict.cases.map(\.id)
        #expect(asked == BackendConformance.caseIDs)
    }

    @Test(
        "a mis-wired Docker backend is rejected by each case that is about its fault",
        .timeLimit(.minutes(10)),
        arguments: BackendMutant.realMachines + BackendMutant.docker
    )
    func rejected(_ mutant: BackendMutant) async throws {
        let survivors = try await PrivateRegistry.with { registry in
            let subject = try DockerSubject(privateRegistry: registry, isRecorded: false)
            return try await mutant.survivors(at: subject, parallel: 6) { print($0) }
        }
        #expect(survivors == [], "a backend that \(mutant.fault) passes")
    }

    @Test("every case has a mutant that it rejects")
    func complete() {
        let faked = BackendMutant.lifecycle + BackendMutant.listing + BackendMutant.machines + BackendMutant.jobs
        let tried = (faked + BackendMutant.realMachines + BackendMutant.docker).flatMap(\.cases)
        let missing = Set(BackendConformance.caseIDs).subtracting(tried).sorted()
        #expect(missing == [])
    }
}

import AntidoteCore
package import AntidoteTesting
import ReferenceModel

/// A store that is wrong in one way, and the cases of the suite that must say so.
package struct StoreMutant: Sendable, CustomStringConvertible {
    /// What is wrong, as a sentence about the store.
    package let fault: String
    /// Each of them must fail.
    package let cases: [String]
    let limits: @Sendable (inout AdmissionLimits) -> Void
    let mutation: @Sendable () -> StoreMutation

    /// A mutant that is wrong in what it does. `change` is asked for each store anew, and may remember.
    init(_ fault: String, _ cases: [String], _ change: @escaping @Sendable (inout StoreMutation) -> Void) {
        self.fault = fault
        self.cases = cases
        limits = { _ in }
        mutation = { StoreMutation(change) }
    }

    /// A mutant that keeps to other limits.
    init(_ fault: String, _ cases: [String], limits: @escaping @Sendable (inout AdmissionLimits) -> Void) {
        self.fault = fault
        self.cases = cases
        self.limits = limits
        mutation = { StoreMutation { _ in } }
    }

    package var description: String { fault }

    /// Every mutant.
    package static var all: [StoreMutant] {
        admitting + reading + changing + claiming + granting + holding + committing + telling + visiting
            + keepingSources
            + keeping
    }

    /// The cases that did not reject this mutant: there should be none.
    package func survivors(at subject: any StateStoreSubject) async throws -> [String] {
        let mutated = MutatedSubject(base: subject, mutant: self)
        let verdict = try await StateStoreConformance(of: mutated, model: ReferenceStore.init).run(only: Set(cases))
        let rejected = Set(verdict.findings(.failed).map(\.id))
        return cases.filter { !rejected.contains($0) }
    }
}

private struct MutatedSubject: StateStoreSubject {
    let base: any StateStoreSubject
    let mutant: StoreMutant

    var name: String { "mutant of \(base.name)" }
    var time: TimeSource { base.time }
    /// Some faults show by waiting for what never comes.
    var patience: Duration { min(base.patience, .seconds(30)) }

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest {
        var changed = limits
        mutant.limits(&changed)
        return Mutated(base: try await base.makeStore(limits: changed), mutation: mutant.mutation())
    }

    private struct Mutated: StoreUnderTest {
        let base: any StoreUnderTest
        let mutation: StoreMutation

        func connect() async throws -> any StateStore {
            MutatedStore(base: try await base.connect(), mutation: mutation)
        }

        func pass(_ duration: Duration) async throws { try await base.pass(duration) }
        func close() async throws { try await base.close() }
    }
}

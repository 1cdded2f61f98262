import AntidoteCore
public import AntidoteTesting
import Synchronization

/// A backend that is wrong in one way, and the cases of the suite that must say so.
public struct BackendMutant: Sendable {
    /// What is wrong, as a sentence.
    public let fault: String
    /// Each of them must fail.
    public let cases: [String]
    let change: @Sendable (inout ConformanceInstallation) -> Void
    let mutation: @Sendable (any ConformanceSubject) -> Mutation

    public init(_ fault: String, _ cases: [String], _ change: @escaping @Sendable (inout Mutation) -> Void) {
        self.fault = fault
        self.cases = cases
        self.change = { _ in }
        mutation = { _ in Mutation(change) }
    }

    /// A mutant that needs the subject: for other backends, or for what it remembers from one process to the next.
    public init(
        _ fault: String,
        _ cases: [String],
        with subject: @escaping @Sendable (any ConformanceSubject) -> Mutation
    ) {
        self.fault = fault
        self.cases = cases
        self.change = { _ in }
        mutation = subject
    }

    /// A mutant that is wrongly configured.
    public init(
        _ fault: String,
        _ cases: [String],
        configured change: @escaping @Sendable (inout ConformanceInstallation) -> Void
    ) {
        self.fault = fault
        self.cases = cases
        self.change = change
        mutation = { _ in Mutation { _ in } }
    }

    /// The cases that did not reject this mutant: there should be none. Leaves nothing at the provider.
    ///
    /// - Parameter report: Told of each case a line for the table: who said what.
    public func survivors(
        at subject: any ConformanceSubject,
        parallel: Int,
        report: (String) -> Void
    ) async throws -> [String] {
        let mutated = MutatedSubject(base: subject, mutant: self)
        let verdict = try await BackendConformance(of: mutated).run(only: Set(cases), parallel: parallel)
        try await mutated.clear()
        for finding in verdict.cases {
            let outcome = finding.outcome == .failed ? "rejected" : "SURVIVES"
            let reason = (finding.reason ?? "").split(separator: "\n").first ?? ""
            report("mutant | \(subject.name) | \(fault) | \(finding.id) | \(outcome) | \(reason.prefix(120))")
        }
        let rejected = Set(verdict.findings(.failed).map(\.id))
        return cases.filter { !rejected.contains($0) }
    }
}

/// Makes mutated backends, and remembers for whom.
private final class MutatedSubject: ConformanceSubject {
    let base: any ConformanceSubject
    private let change: @Sendable (inout ConformanceInstallation) -> Void
    private let mutation: Mutation
    private let installations = Mutex<Set<ConformanceInstallation>>([])

    init(base: any ConformanceSubject, mutant: BackendMutant) {
        self.base = base
        change = mutant.change
        mutation = mutant.mutation(base)
    }

    var name: String { "mutant of \(base.name)" }
    var tools: ImageReference { base.tools }
    var runsRealMachines: Bool { base.runsRealMachines }
    var hands: (any ProviderHands)? { base.hands }
    var outside: (any OutsideWorld)? { base.outside }
    var registry: ConformanceRegistry? { base.registry }
    /// Some faults show by waiting for what never comes.
    var patience: Duration { min(base.patience, .seconds(45)) }

    func backend(for installation: ConformanceInstallation) async throws -> any AntidoteBackend {
        _ = installations.withLock { $0.insert(installation) }
        var changed = installation
        change(&changed)
        return MutatedBackend(base: try await base.backend(for: changed), mutation: mutation)
    }

    /// Removes what the mutant left, with a backend that can. Twice, because of what a mutant may have made of two labs
    /// each may hold on to the other.
    func clear() async throws {
        for isLast in [false, true] {
            for installation in installations.withLock({ $0 }) {
                let backend = try await base.backend(for: installation)
                for entry in try await backend.inventory() {
                    do {
                        try await base.backend(of: entry).destroy(entry.id, under: .unlimited)
                    } catch  where !isLast {}
                }
            }
        }
    }
}

extension BackendMutant: CustomStringConvertible {
    public var description: String { fault }
}

public import AntidoteCore

/// Says whether a store does what `StateStore` demands: one call from any test target.
///
/// ```swift
/// let verdict = try await StateStoreConformance(of: InMemorySubject()).run()
/// let failed = verdict.findings(.failed).map(\.id)
/// #expect(failed == [], "\(verdict.text)")
/// ```
///
/// Each case has a store of its own, and looks at it through two connections as two processes would.
public struct StateStoreConformance: Sendable {
    private let subject: any StateStoreSubject
    private let random: RandomSource
    private let makeModel: ModelMaker

    /// Makes the store whose answers the model run expects.
    package typealias ModelMaker = @Sendable (TimeSource, RandomSource, AdmissionLimits) -> any StateStore

    /// A suite for one subject; `random` draws the names of what its cases make. The model run expects the answers of
    /// `InMemoryStateStore`.
    public init(of subject: any StateStoreSubject, random: RandomSource = .system) {
        self.init(of: subject, random: random, model: InMemoryStateStore.init)
    }

    /// A suite whose model run expects the answers of the store that `model` makes.
    package init(
        of subject: any StateStoreSubject,
        random: RandomSource = .system,
        model: @escaping ModelMaker
    ) {
        self.subject = subject
        self.random = random
        makeModel = model
    }

    /// Every case's id, in order.
    public static var caseIDs: [String] { StoreCase.all.map(\.id) }

    /// What each case holds a store to: its id and a sentence, in order.
    public static var rules: [(id: String, rule: String)] { StoreCase.all.map { ($0.id, $0.rule) } }

    /// - Parameters:
    ///   - selection: Ids of cases, or of whole areas; `nil`: all.
    ///   - parallel: How many cases run at once.
    ///   - report: Told of each finding as it comes, in no order.
    /// - Throws: `notFound` if something that was selected does not exist.
    public func run(
        only selection: Set<String>? = nil,
        parallel: Int = 4,
        report: @escaping @Sendable (ConformanceVerdict.Finding) -> Void = { _ in }
    ) async throws -> ConformanceVerdict {
        let cases = try ConformanceRun.select(selection, from: StoreCase.all, of: "StateStoreConformance")
        let run = ConformanceRun(time: subject.time, parallel: parallel)
        let findings = await run.findings(of: cases, report: report) { subjectCase in
            do {
                try await tryOut(subjectCase)
                return (.passed, nil)
            } catch {
                return (.failed, "\(error)")
            }
        }
        return ConformanceVerdict(kind: .store, subject: subject.name, cases: findings)
    }

    /// Runs the case with a store of its own, and takes that away.
    private func tryOut(_ subjectCase: StoreCase) async throws {
        let under = try await subject.makeStore(limits: subjectCase.limits)
        let failure: (any Error)?
        do {
            let bench = StoreBench(
                under: under,
                store: try await under.connect(),
                other: try await under.connect(),
                limits: subjectCase.limits,
                time: subject.time,
                random: random,
                makeModel: makeModel
            )
            let late = AntidoteError(.deadlineExceeded, "the case took longer than \(subject.patience)")
            try await subject.time.withDeadline(subject.patience, onTimeout: late) {
                try await subjectCase.body(bench)
            }
            failure = nil
        } catch {
            failure = error
        }
        do {
            try await under.close()
        } catch  where failure == nil {
            throw error
        }
        if let failure { throw failure }
    }
}

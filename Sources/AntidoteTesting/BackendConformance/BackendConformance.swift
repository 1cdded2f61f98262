@_spi(StoreKit) public import AntidoteCore

/// Says whether a backend keeps the contract in `BACKENDS.md`: one call from any test target.
///
/// ```swift
/// let verdict = try await BackendConformance(of: FakeSubject()).run(parallel: 8)
/// let failed = verdict.findings(.failed).map(\.id)
/// #expect(failed == [], "\(verdict.text)")
/// ```
///
/// The cases look at labs through jobs inside of them, and not through what the backend says of itself. What a
/// backend's capabilities do not have, and what the subject does not offer, is listed in the verdict as “not able”.
public struct BackendConformance: Sendable {
    private let subject: any ConformanceSubject
    private let random: RandomSource
    private let time: TimeSource

    /// A suite for one subject; `random` draws the names of what its cases make.
    public init(of subject: any ConformanceSubject, random: RandomSource = .system) {
        self.subject = subject
        time = subject.time
        self.random = random
    }

    /// Every case's id, in order.
    public static var caseIDs: [String] { ConformanceCase.all.map(\.id) }

    /// What each case holds a backend to: its id and a sentence, in order.
    public static var rules: [(id: String, rule: String)] { ConformanceCase.all.map { ($0.id, $0.rule) } }

    /// - Parameters:
    ///   - selection: Ids of cases, or of whole areas; `nil`: all.
    ///   - parallel: How many cases run at once.
    ///   - report: Told of each finding as it comes, in no order.
    /// - Throws: `notFound` if something that was selected does not exist; whatever the subject throws when it is
    ///   asked for a backend, or whether that refuses its provider.
    public func run(
        only selection: Set<String>? = nil,
        parallel: Int = 4,
        report: @escaping @Sendable (ConformanceVerdict.Finding) -> Void = { _ in }
    ) async throws -> ConformanceVerdict {
        let cases = try ConformanceRun.select(selection, from: ConformanceCase.all, of: "BackendConformance")
        let capabilities = try await subject.backend(for: newInstallation()).capabilities
        let refusal = try await subject.refusal()
        let findings = await ConformanceRun(time: time, parallel: parallel).findings(of: cases, report: report) {
            await examine($0, capabilities, refusal)
        }
        return ConformanceVerdict(kind: .backend, subject: subject.name, cases: findings)
    }

    private func examine(
        _ subjectCase: ConformanceCase,
        _ capabilities: BackendCapabilities,
        _ refusal: String?
    ) async -> ConformanceRun.Outcome {
        if let refusal { return (.notAble, refusal) }
        let missing = subjectCase.needs.sorted { $0.order < $1.order }
            .compactMap { $0.reasonMissing(subject, capabilities) }
        if !missing.isEmpty { return (.notAble, missing.joined(separator: "; ")) }
        do {
            try await tryOut(subjectCase)
            return (.passed, nil)
        } catch {
            return (.failed, "\(error)")
        }
    }

    /// Runs the case in a world of its own, takes away what is left, and sees that nothing is.
    private func tryOut(_ subjectCase: ConformanceCase) async throws {
        let world = try await ConformanceWorld(subject, newInstallation(), time: time, random: random)
        let failure: (any Error)?
        do {
            let late = AntidoteError(.deadlineExceeded, "the case took longer than \(subject.patience)")
            try await time.withDeadline(subject.patience, onTimeout: late) {
                try await subjectCase.body(world)
            }
            failure = nil
        } catch {
            failure = error
        }
        do {
            try await world.leaveNothing()
        } catch  where failure == nil {
            throw error
        }
        if let failure { throw failure }
    }

    private func newInstallation() -> ConformanceInstallation {
        ConformanceInstallation(
            instance: InstanceID(unchecked: "c" + random.base32(length: 9)),
            store: random.storeID()
        )
    }
}

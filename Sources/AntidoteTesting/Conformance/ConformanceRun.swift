import AntidoteCore

/// A case of any suite.
protocol SuiteCase: Sendable {
    /// Of the area: unique in the suite.
    var areaName: String { get }
    /// Unique in its area.
    var name: String { get }
    /// What must hold, as a sentence.
    var rule: String { get }
}

extension SuiteCase {
    var id: String { "\(areaName)/\(name)" }
}

/// Runs the cases of a suite, a few at once, and gathers what becomes of them.
struct ConformanceRun: Sendable {
    typealias Outcome = (outcome: ConformanceVerdict.Outcome, reason: String?)

    let time: TimeSource
    let parallel: Int

    /// In the order of `cases`.
    func findings<Case: SuiteCase>(
        of cases: [Case],
        report: @escaping @Sendable (ConformanceVerdict.Finding) -> Void,
        examine: @escaping @Sendable (Case) async -> Outcome
    ) async -> [ConformanceVerdict.Finding] {
        var findings: [String: ConformanceVerdict.Finding] = [:]
        await withTaskGroup(of: ConformanceVerdict.Finding.self) { group in
            // The long ones first, so that the end is not one case alone.
            var waiting = cases.makeIterator()
            func addNext() {
                guard let next = waiting.next() else { return }
                group.addTask { await finding(of: next, examine) }
            }
            for _ in 0..<max(1, parallel) { addNext() }
            while let finding = await group.next() {
                findings[finding.id] = finding
                report(finding)
                addNext()
            }
        }
        return cases.compactMap { findings[$0.id] }
    }

    /// The cases whose ids, or whose areas, are selected; all for `nil`. Throws `notFound` for what does not exist.
    static func select<Case: SuiteCase>(
        _ selection: Set<String>?,
        from all: [Case],
        of suite: String
    ) throws -> [Case] {
        guard let selection else { return all }
        let cases = all.filter { selection.contains($0.id) || selection.contains($0.areaName) }
        let known = Set(cases.flatMap { [$0.id, $0.areaName] })
        if let stranger = selection.subtracting(known).sorted().first {
            throw AntidoteError(
                .notFound,
                "the suite has no case and no area “\(stranger)”",
                recovery: "See \(suite).caseIDs."
            )
        }
        return cases
    }

    private func finding<Case: SuiteCase>(
        of subjectCase: Case,
        _ examine: @Sendable (Case) async -> Outcome
    ) async -> ConformanceVerdict.Finding {
        let began = time.uptime()
        let (outcome, reason) = await examine(subjectCase)
        return ConformanceVerdict.Finding(
            id: subjectCase.id,
            rule: subjectCase.rule,
            outcome: outcome,
            reason: reason,
            time: (time.uptime() - began).inSeconds
        )
    }
}

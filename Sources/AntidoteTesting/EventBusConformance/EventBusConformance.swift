import AntidoteCore

/// Says whether a bus keeps the contract of `EventBus`: one call from any test target.
///
/// ```swift
/// let verdict = try await EventBusConformance(of: InProcessSubject()).run()
/// #expect(verdict.holds, "\(verdict.text)")
/// ```
///
/// What the subject's worlds cannot do is listed in the verdict as “not able”.
public struct EventBusConformance: Sendable {
    private let subject: any EventBusSubject
    private let time: TimeSource

    /// A suite for one subject.
    public init(of subject: any EventBusSubject) {
        self.subject = subject
        time = subject.time
    }

    /// Every case's id, in order.
    public static var caseIDs: [String] { EventBusCase.all.map(\.id) }

    /// What each case holds a bus to: its id and a sentence, in order.
    public static var rules: [(id: String, rule: String)] { EventBusCase.all.map { ($0.id, $0.rule) } }

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
        let cases = try ConformanceRun.select(selection, from: EventBusCase.all, of: "EventBusConformance")
        let run = ConformanceRun(time: time, parallel: parallel)
        let findings = await run.findings(of: cases, report: report, examine: examine)
        return ConformanceVerdict(kind: .bus, subject: subject.name, cases: findings)
    }

    private func examine(_ busCase: EventBusCase) async -> ConformanceRun.Outcome {
        let missing = busCase.needs.subtracting(subject.abilities).map(\.rawValue).sorted()
        guard missing.isEmpty else {
            return (.notAble, "this world has no “\(missing.joined(separator: "”, no “"))”")
        }
        do {
            let world = try await subject.world()
            let scene = EventBusScene(world: world, limits: subject.limits, time: time)
            let late = AntidoteError(.deadlineExceeded, "the case took longer than \(subject.patience)")
            let failure: (any Error)?
            do {
                try await time.withDeadline(subject.patience, onTimeout: late) {
                    try await busCase.body(scene)
                }
                failure = nil
            } catch {
                failure = error
            }
            await world.end()
            return failure.map { (.failed, "\($0)") } ?? (.passed, nil)
        } catch {
            return (.failed, "there was no world to try it in: \(error)")
        }
    }
}

import AntidoteCore

/// Says whether a bus keeps the contract of ``EventBus``: one call from any test target.
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
    ///   - selection: Ids of cases; `nil`: all.
    ///   - parallel: How many cases run at once.
    /// - Throws: `notFound` if a case that was selected does not exist.
    public func run(only selection: Set<String>? = nil, parallel: Int = 4) async throws -> ConformanceVerdict {
        if let stranger = selection?.subtracting(Self.caseIDs).sorted().first {
            throw AntidoteError(
                .notFound,
                "the suite has no case “\(stranger)”",
                advice: "See EventBusConformance.caseIDs."
            )
        }
        let cases = EventBusCase.all.filter { selection?.contains($0.id) ?? true }
        var findings: [String: ConformanceVerdict.Finding] = [:]
        await withTaskGroup(of: ConformanceVerdict.Finding.self) { group in
            var waiting = cases.makeIterator()
            func addNext() {
                guard let next = waiting.next() else { return }
                group.addTask { await examine(next) }
            }
            for _ in 0..<max(1, parallel) { addNext() }
            while let finding = await group.next() {
                findings[finding.id] = finding
                addNext()
            }
        }
        return ConformanceVerdict(
            kind: .bus,
            subject: subject.name,
            cases: cases.compactMap { findings[$0.id] }
        )
    }

    private func examine(_ busCase: EventBusCase) async -> ConformanceVerdict.Finding {
        let began = time.uptime()
        func finding(_ outcome: ConformanceVerdict.Outcome, _ reason: String?) -> ConformanceVerdict.Finding {
            let took = (time.uptime() - began).inSeconds
            return .init(id: busCase.id, rule: busCase.rule, outcome: outcome, reason: reason, time: took)
        }
        let missing = busCase.needs.subtracting(subject.abilities).map(\.rawValue).sorted()
        guard missing.isEmpty else {
            return finding(.notAble, "this world has no “\(missing.joined(separator: "”, no “"))”")
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
            if let failure { return finding(.failed, "\(failure)") }
            return finding(.passed, nil)
        } catch {
            return finding(.failed, "there was no world to try it in: \(error)")
        }
    }
}

/// One thing that every bus must do.
struct EventBusCase: Sendable {
    let id: String
    /// What must hold, as a sentence.
    let rule: String
    let needs: Set<EventBusAbility>
    let body: @Sendable (EventBusScene) async throws -> Void

    init(
        _ id: String,
        _ rule: String,
        needs: Set<EventBusAbility> = [],
        _ body: @escaping @Sendable (EventBusScene) async throws -> Void
    ) {
        self.id = id
        self.rule = rule
        self.needs = needs
        self.body = body
    }

    static let all: [EventBusCase] =
        troubleCases + deliveryCases + queueCases + contentCases + lifetimeCases + slownessCases
}

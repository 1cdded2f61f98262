/// One thing that every bus must do.
struct EventBusCase: SuiteCase {
    /// What the cases are about.
    enum Area: String {
        case content, delivery, lifetime, queue, slow, trouble
    }

    let areaName: String
    let name: String
    /// What must hold, as a sentence.
    let rule: String
    let needs: Set<EventBusAbility>
    let body: @Sendable (EventBusScene) async throws -> Void

    init(
        _ area: Area,
        _ name: String,
        _ rule: String,
        needs: Set<EventBusAbility> = [],
        _ body: @escaping @Sendable (EventBusScene) async throws -> Void
    ) {
        areaName = area.rawValue
        self.name = name
        self.rule = rule
        self.needs = needs
        self.body = body
    }

    static let all: [EventBusCase] =
        troubleCases + deliveryCases + queueCases + contentCases + lifetimeCases + slownessCases
}

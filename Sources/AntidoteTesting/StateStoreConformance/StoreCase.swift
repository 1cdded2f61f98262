import AntidoteCore

/// One thing that every store must do.
struct StoreCase: SuiteCase {
    let area: Area
    let name: String
    let rule: String
    let limits: AdmissionLimits
    let body: @Sendable (StoreBench) async throws -> Void

    var areaName: String { area.rawValue }

    init(
        _ area: Area,
        _ name: String,
        _ rule: String,
        limits: AdmissionLimits = AdmissionLimits(),
        _ body: @escaping @Sendable (StoreBench) async throws -> Void
    ) {
        self.area = area
        self.name = name
        self.rule = rule
        self.limits = limits
        self.body = body
    }

    enum Area: String, CaseIterable {
        case admit, read, change, remove, use, claim, capacity, renew, commit, due, report, events, sessions, sources
        case forget, exact, trouble, model
    }

    /// The whole suite. What takes long comes first, so that a parallel run does not end with one of them.
    static let all: [StoreCase] =
        modelCases + capacityCases + admitCases + admitLimitCases + readCases + changeCases + useCases + claimCases
        + claimRoleCases + renewCases + commitCases + commitEffectCases + dueCases + reportCases + eventCases
        + sessionCases + sessionEndCases + sourceCases + forgetCases + exactCases + troubleCases
}

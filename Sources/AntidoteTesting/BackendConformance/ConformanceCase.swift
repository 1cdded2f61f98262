import AntidoteCore

/// One thing that every backend must do, or say that it cannot.
struct ConformanceCase: SuiteCase {
    let area: Area
    /// Unique in its area.
    let name: String
    /// What must hold, as a sentence.
    let rule: String
    var needs: Set<Need> = []
    let body: @Sendable (ConformanceWorld) async throws -> Void

    var areaName: String { area.rawValue }

    init(
        _ area: Area,
        _ name: String,
        _ rule: String,
        needs: Set<Need> = [],
        _ body: @escaping @Sendable (ConformanceWorld) async throws -> Void
    ) {
        self.area = area
        self.name = name
        self.rule = rule
        self.needs = needs
        self.body = body
    }

    enum Area: String, CaseIterable {
        case create, again, cancel, partial, delete, adopt, replace, inventory, foreign, names, files, ports, probes
        case connections, isolation, limits, jobs, images, progress, refusals, many
    }

    /// What a backend or its surroundings must have for the case to be asked.
    enum Need: Hashable {
        case feature(BackendCapabilities.Feature)
        case hands
        case handsAtParts
        case machines
        case outside
        case registry

        /// Why the case cannot be asked here; `nil` if it can.
        func reasonMissing(_ subject: any ConformanceSubject, _ capabilities: BackendCapabilities) -> String? {
            switch self {
            case .feature(let feature): capabilities.can(feature) ? nil : "the backend has no “\(feature.rawValue)”"
            case .hands: subject.hands == nil ? "the suite has no hands at this provider" : nil
            case .handsAtParts:
                subject.hands is any ProviderPartsHands ? nil : "the suite has no hands at the parts of a topology"
            case .machines: subject.runsRealMachines ? nil : "its machines do not really run"
            case .outside: subject.outside == nil ? "there is no world outside of these labs" : nil
            case .registry: subject.registry == nil ? "there is no registry" : nil
            }
        }

        var order: String {
            switch self {
            case .feature(let feature): feature.rawValue
            case .hands: "~hands"
            case .handsAtParts: "~parts"
            case .machines: "~machines"
            case .outside: "~outside"
            case .registry: "~registry"
            }
        }
    }
}

extension ConformanceCase {
    /// The whole suite. Areas that take long come first, so that a parallel run does not end with one of them.
    static let all: [ConformanceCase] =
        isolationCases + againCases + manyCases + createCases + cancelCases + partialCases + deleteCases + adoptCases
        + replaceCases + inventoryCases + foreignCases + nameCases + fileCases + portCases + probeCases
        + connectionCases + limitCases + jobCases + jobTroubleCases + imageCases + progressCases + refusalCases
}

import AntidoteCore

/// What of one incarnation is at the engine now.
struct ObservedLab: Sendable {
    var containers: [ContainerSummary]
    var networks: [NetworkSummary]
    /// Ids of containers that were made with other secrets than the design's.
    var outdated: Set<String> = []
}

/// What is to be done so that the engine matches a design: a pure function of the design and of what is there.
struct LabPlan: Sendable, Hashable {
    /// What to do about one container.
    enum Step: Sendable, Hashable {
        case make
        /// It was created and never started: somebody crashed, or is at it now. Every act that is left may be
        /// done twice.
        case finish(id: String)
        /// It runs. `isWired`: its interfaces have the author's addresses.
        case adopt(id: String, isWired: Bool)
        /// It was meant to end, and did.
        case completed(id: String)
    }

    var endpoints: [String: Step] = [:]
    var gate: Step = .make
    /// Ids by network, of those that stay.
    var networks: [LabNetwork: String] = [:]
    var missingNetworks: [LabNetwork] = []
    /// Ids, to be removed before anything is made: dead, changed, or not wanted any more.
    var surplusContainers: [String] = []
    var surplusNetworks: [String] = []

    init(_ design: LabDesign, gateDigest: Digest, observed: ObservedLab) throws {
        try planNetworks(design, observed.networks)
        var keep: Set<String> = []
        for endpoint in design.endpoints {
            let usable = observed.containers.filter { !observed.outdated.contains($0.id) }
            let step = step(for: endpoint, among: usable)
            endpoints[endpoint.endpoint.name] = step
            if let id = step.container {
                keep.insert(id)
                keep.formUnion(observed.containers.filter { $0.isHelper(for: id) && !$0.hasFailed }.map(\.id))
            }
        }
        let gates = observed.containers.filter { $0.labels[Label.role] == Role.gate.rawValue }
        let gateNetworks: [LabNetwork] = design.gate.exposures.isEmpty ? [.lab] : [.gate, .lab]
        gate = step(among: gates, digest: gateDigest, networks: gateNetworks)
        if let id = gate.container { keep.insert(id) }
        surplusContainers =
            observed.containers
            .filter { $0.labels[Label.role] != Role.job.rawValue && !keep.contains($0.id) }
            .map(\.id).sorted()
    }

    private mutating func planNetworks(_ design: LabDesign, _ observed: [NetworkSummary]) throws {
        var surplus = Set(observed.map(\.id))
        for network in design.networks {
            let digest = try design.digest(of: network).description
            // Names of networks are not unique: of several the oldest is the one.
            let fitting = observed.filter {
                $0.labels[Label.network] == network.key && $0.labels[Label.digest] == digest
            }
            guard let oldest = fitting.min(by: { ($0.created, $0.id) < ($1.created, $1.id) }) else {
                missingNetworks.append(network)
                continue
            }
            networks[network] = oldest.id
            surplus.remove(oldest.id)
        }
        surplusNetworks = surplus.sorted()
    }

    private func step(for design: EndpointDesign, among containers: [ContainerSummary]) -> Step {
        let mine = containers.filter {
            $0.labels[Label.role] == Role.endpoint.rawValue && $0.labels[Label.endpoint] == design.endpoint.name
        }
        let digest = design.digest
        if design.isMeantToEnd,
            let ended = mine.first(where: { $0.labels[Label.digest] == digest.description && $0.hasSucceeded })
        {
            return .completed(id: ended.id)
        }
        let step = step(among: mine, digest: digest, networks: [.lab] + design.links.map(\.network))
        guard case .adopt(let id, _) = step, !design.links.isEmpty else { return step }
        return .adopt(id: id, isWired: containers.contains { $0.isHelper(for: id) && $0.hasSucceeded })
    }

    private func step(among containers: [ContainerSummary], digest: Digest, networks wanted: [LabNetwork]) -> Step {
        let ids = wanted.compactMap { networks[$0] }
        // A network that is made anew has another id: what was on the old one is cut off.
        guard ids.count == wanted.count else { return .make }
        for container in containers where container.labels[Label.digest] == digest.description {
            switch container.state {
            case .running, .restarting:
                if container.networkIDs.isSuperset(of: ids) { return .adopt(id: container.id, isWired: true) }
            case .created:
                return .finish(id: container.id)
            default:
                continue
            }
        }
        return .make
    }
}

extension LabPlan.Step {
    /// The container that stays, if any.
    var container: String? {
        switch self {
        case .make: nil
        case .finish(let id), .adopt(let id, _), .completed(let id): id
        }
    }
}

extension ContainerSummary {
    fileprivate func isHelper(for id: String) -> Bool {
        labels[Label.role] == Role.helper.rawValue && labels[Label.target] == id
    }

    fileprivate var hasFailed: Bool { state == .exited && !hasSucceeded }
}

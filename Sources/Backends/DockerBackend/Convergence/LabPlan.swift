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

    init(_ design: LabDesign, gateDigest: ContentDigest, observed: ObservedLab) throws {
        let gates = observed.containers.filter { $0.labels[Label.role] == Role.gate.rawValue }
        try planNetworks(design, observed.networks, gates: gates)
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
        let gateNetworks: [LabNetwork] = design.gate.exposures.isEmpty ? [.lab] : [.gate, .lab]
        gate = step(among: gates, digest: gateDigest, networks: gateNetworks, label: design.networks)
        if let id = gate.container { keep.insert(id) }
        surplusContainers =
            observed.containers
            .filter { $0.labels[Label.role] != Role.job.rawValue && !keep.contains($0.id) }
            .map(\.id).sorted()
    }

    private mutating func planNetworks(
        _ design: LabDesign,
        _ observed: [NetworkSummary],
        gates: [ContainerSummary]
    ) throws {
        var surplus = Set(observed.map(\.id))
        for network in design.networks {
            let digest = try design.digest(of: network).description
            let fitting = observed.filter {
                $0.labels[Label.network] == network.key && $0.labels[Label.digest] == digest
            }
            guard let chosen = fitting.chosen(by: gates) else {
                missingNetworks.append(network)
                continue
            }
            networks[network] = chosen.id
            surplus.remove(chosen.id)
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

    /// `label`: the networks that it is said to be for, if they are others than it is on.
    private func step(
        among containers: [ContainerSummary],
        digest: ContentDigest,
        networks wanted: [LabNetwork],
        label: [LabNetwork]? = nil
    ) -> Step {
        let ids = wanted.compactMap { networks[$0] }
        // A network that is made anew has another id: what was on the old one is cut off.
        guard let intended = networks.ids(of: label ?? wanted), ids.count == wanted.count else { return .make }
        for container in containers
        where container.labels[Label.digest] == digest.description && container.labels[Label.networks] == intended {
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

extension [LabNetwork: String] {
    /// The value of the label that says which networks a container was made for. `nil` while one of them is missing.
    func ids(of networks: [LabNetwork]) -> String? {
        let ids = networks.compactMap { self[$0] }
        return ids.count == networks.count ? ids.joined(separator: ",") : nil
    }
}

extension [NetworkSummary] {
    /// Names of networks are not unique: of those that several workers made the one that the gate is for is the lab's,
    /// because the engine gives the gate's name once. Before there is a gate, the oldest.
    func chosen(by gates: [ContainerSummary]) -> NetworkSummary? {
        let settled = Set(gates.filter { $0.state != .exited }.flatMap(\.intendedNetworks))
        return filter { settled.contains($0.id) }.oldest ?? oldest
    }

    /// The one that all workers take for the oldest.
    var oldest: NetworkSummary? { self.min { ($0.created, $0.id) < ($1.created, $1.id) } }
}

extension ContainerSummary {
    /// The ids of the networks that it was made for.
    var intendedNetworks: [String] {
        labels[Label.networks]?.split(separator: ",").map(String.init) ?? []
    }

    fileprivate func isHelper(for id: String) -> Bool {
        labels[Label.role] == Role.helper.rawValue && labels[Label.target] == id
    }

    fileprivate var hasFailed: Bool { state == .exited && !hasSucceeded }
}

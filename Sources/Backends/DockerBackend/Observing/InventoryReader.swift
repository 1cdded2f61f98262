import AntidoteCore

/// Makes inventory entries of what an engine lists: pure.
struct InventoryReader: Sendable {
    /// By the machine's clock; the engine's may differ a little.
    let now: Timestamp

    func entries(containers: [ContainerSummary], networks: [NetworkSummary]) -> [InventoryEntry] {
        let containersByID = Dictionary(grouping: containers) { TopologyID(labels: $0.labels) }
        let networksByID = Dictionary(grouping: networks) { TopologyID(labels: $0.labels) }
        return Set(containersByID.keys).union(networksByID.keys).compactMap(\.self).sorted().map {
            entry($0, containers: containersByID[$0] ?? [], networks: networksByID[$0] ?? [])
        }
    }

    private func entry(
        _ id: TopologyID,
        containers: [ContainerSummary],
        networks: [NetworkSummary]
    ) -> InventoryEntry {
        let endpoints = containers.filter { $0.labels[Label.role] == Role.endpoint.rawValue }
        let gate = containers.first { $0.labels[Label.role] == Role.gate.rawValue }
        let dead = endpoints.filter { !$0.isWell }.compactMap { $0.labels[Label.endpoint] }.sorted()
        let expected = gate?.labels[Label.endpointCount].flatMap { Int($0) }
        let state: InventoryEntry.State
        if containers.contains(where: { $0.state == .removing }) {
            state = .terminating
        } else if !endpoints.contains(where: \.isWell) {
            state = .dead
        } else if let gate, gate.state == .running, dead.isEmpty, expected == endpoints.count {
            state = .running
        } else {
            state = .partial
        }
        let labels = gate?.labels ?? containers.first?.labels ?? networks.first?.labels ?? [:]
        return InventoryEntry(
            id: id,
            state: state,
            digest: gate?.labels[Label.topologyDigest].flatMap { ContentDigest($0) },
            age: age(containers: containers, networks: networks),
            owner: labels[Label.owner].flatMap { $0.isEmpty ? nil : $0 },
            deadEndpoints: dead
        )
    }

    private func age(containers: [ContainerSummary], networks: [NetworkSummary]) -> Duration {
        let times =
            containers.map { Timestamp(seconds: $0.created).microseconds }
            + networks.compactMap { EngineTime($0.created)?.timestamp.microseconds }
        guard let oldest = times.min() else { return .zero }
        return max(.zero, now - Timestamp(microseconds: oldest))
    }
}

extension ContainerSummary {
    /// Whether it is as it should be: running, or ended as it was meant to.
    var isWell: Bool {
        state == .running || labels[Label.completes] == "true" && hasSucceeded
    }
}

import AntidoteCore

extension Converger {
    /// The ids of all networks of the design: the plan's, and those that were missing.
    func ensureNetworks(_ plan: LabPlan) async throws -> [LabNetwork: String] {
        guard !plan.missingNetworks.isEmpty else { return plan.networks }
        let made = try await withThrowingTaskGroup(of: (LabNetwork, String).self) { group in
            for network in plan.missingNetworks {
                group.addTask { (network, try await makeNetwork(network)) }
            }
            return try await group.reduce(into: [LabNetwork: String]()) { $0[$1.0] = $1.1 }
        }
        return plan.networks.merging(made) { $1 }
    }

    private func makeNetwork(_ network: LabNetwork) async throws -> String {
        let pool = engine.configuration.addressPool.map { SubnetPool($0) } ?? .standard
        let prefixLength = SubnetPool.prefixLength(forHosts: design.hosts(on: network))
        var refused: [IPv4Subnet] = []
        // What others choose at the same time is only known when the engine refuses.
        for _ in 0..<24 {
            let used = try await client.allNetworks().flatMap(\.subnets).compactMap { IPv4Subnet($0) }
            let seed = engine.configuration.random.next()
            guard
                let subnet = pool.candidates(
                    prefixLength: prefixLength,
                    avoiding: used + refused,
                    seed: seed,
                    limit: 1
                ).first
            else { break }
            do {
                let made = try await create(network, subnet: subnet)
                return try await settle(network, made: made)
            } catch let failure as EngineFailure where failure.isPoolOverlap {
                refused.append(subnet)
            }
        }
        throw AntidoteError(
            .capacityExhausted,
            "the address pool has no subnet left for the network \(design.names.network(network))",
            recovery: "Remove labs, or give the backend a larger address pool.",
            subject: network.key
        )
    }

    private func create(_ network: LabNetwork, subnet: IPv4Subnet) async throws -> String {
        let specification = NetworkSpecification(
            // The engine lets two networks have one name, and then takes the name for ambiguous: ours are told apart by
            // label and id, and each gets a name of its own. Their order is that of the first part.
            name: "\(design.names.network(network)).\(engine.configuration.random.base32(length: 6))",
            isInternal: design.isInternal(network),
            options: design.options(of: network),
            labels: labeller.labels(
                .network,
                digest: try design.digest(of: network),
                [Label.network: network.key, Label.egress: design.topology.egress.rawValue]
            ),
            subnet: subnet.description
        )
        let created = try await mutate("network.create") { try await client.createNetwork(specification) }
        do {
            try engine.refuseWarnings(created.warnings, of: specification.name)
        } catch {
            try await mutate("network.remove") { try await client.removeNetwork(created.id) }
            throw error
        }
        return created.id
    }

    /// Names of networks are not unique at an engine: of those that several workers made the oldest is kept. It is only a
    /// good guess: one that is older may be shown later, and then the gate decides (``BuiltElsewhere``).
    private func settle(_ network: LabNetwork, made: String) async throws -> String {
        let digest = try design.digest(of: network).description
        let labels = id.labels.merging([Label.network: network.key, Label.digest: digest]) { $1 }
        let all = try await client.networks(labels: labels)
        guard let oldest = all.oldest, oldest.id != made else { return made }
        try await mutate("network.remove") { try await client.removeNetwork(made) }
        return oldest.id
    }
}

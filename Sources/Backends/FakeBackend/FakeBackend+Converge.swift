public import AntidoteCore
import ConcurrencyKit

extension FakeBackend {
    public func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        try check(topology)
        guard topology.id.instance == instance else {
            throw AntidoteError(
                .foreignResource,
                "the topology \(topology.id) belongs to another instance than this backend",
                recovery: "Give each instance a backend of its own."
            )
        }
        for endpoint in topology.endpoints { progress.report(endpoint.name, .waiting) }
        try await act(.create, topology.id.description, under: authority) {
            try provider.make(topology.id, capacity: script.capacity) { world in
                let wanted = Set(topology.endpoints.map(\.name))
                world.endpoints = world.endpoints.filter { wanted.contains($0.key) }
                world.endpointCount = wanted.count
                world.connections = topology.connections
                world.labDirectory = topology.labDirectory
                world.owner = owner
                world.digest = nil
            }
        }
        let built = try await withThrowingTaskGroup(of: ProvisionedEndpoint.self) { group in
            var order = FakeOrder(topology.endpoints)
            var built: [String: ProvisionedEndpoint] = [:]
            while true {
                for endpoint in order.takeStartable(after: Set(built.keys)) {
                    group.addTaskAtOnce { try await converge(endpoint, in: topology.id, under: authority, progress) }
                }
                guard let next = try await group.next() else { return built }
                built[next.name] = next
            }
        }
        let digest = try topology.digest()
        try provider.update(topology.id) { $0.digest = digest }
        return ProvisionedTopology(id: topology.id, endpoints: topology.endpoints.compactMap { built[$0.name] })
    }

    private func converge(
        _ endpoint: Endpoint,
        in id: TopologyID,
        under authority: Authority,
        _ progress: ProgressReporter
    ) async throws -> ProvisionedEndpoint {
        let digest = try endpoint.digest()
        let known = try provider.topology(id)?.endpoints[endpoint.name]
        var identity = known?.identity ?? ""
        if known?.isRunning != true || known?.isMade(from: endpoint, digest: digest) != true {
            try await pull(endpoint, in: id, under: authority, progress)
            progress.report(endpoint.name, .starting)
            identity = try await act(.start, "\(id.environment)/\(endpoint.name)", under: authority) {
                try start(endpoint, digest, in: id)
            }
        }
        progress.report(endpoint.name, .running)
        try await act(.probe, "\(id.environment)/\(endpoint.name)", under: authority) {
            guard try provider.topology(id)?.endpoints[endpoint.name]?.isRunning == true else {
                throw AntidoteError(.endpointFailed, "it ended while it was started", subject: endpoint.name)
            }
        }
        switch script.machine(endpoint) {
        case .ready: break
        case .neverReady(let error, let wait):
            try await time.sleep(wait)
            throw error
        case .ends(let error):
            try provider.end(endpoint.name, in: id, reason: error.message)
            throw error
        }
        progress.report(endpoint.name, .reachable)
        return ProvisionedEndpoint(name: endpoint.name, identity: identity, ports: ports(of: endpoint))
    }

    /// Starts a machine, or adopts the one that another worker started meanwhile.
    private func start(_ endpoint: Endpoint, _ digest: ContentDigest, in id: TopologyID) throws -> String {
        let identity = provider.newIdentity(of: endpoint.name, in: id)
        return try provider.update(id) { world in
            if let known = world.endpoints[endpoint.name], known.isRunning,
                known.isMade(from: endpoint, digest: digest)
            {
                return known.identity
            }
            world.endpoints[endpoint.name] = FakeEndpoint(
                identity: identity,
                specification: endpoint,
                digest: digest,
                isRunning: true
            )
            return identity
        }
    }

    private func pull(
        _ endpoint: Endpoint,
        in id: TopologyID,
        under authority: Authority,
        _ progress: ProgressReporter
    ) async throws {
        let total: Int64 = 64 << 20
        progress.report(endpoint.name, .pulling(done: 0, total: total))
        try await act(.pull, "\(id.environment)/\(endpoint.name)", under: authority) {
            if let error = script.imageTrouble(endpoint.image) { throw error }
        }
        progress.report(endpoint.name, .pulling(done: total, total: total))
    }

    /// Addresses in the range for documentation (RFC 5737): nobody listens there.
    private func ports(of endpoint: Endpoint) -> [ProvisionedPort] {
        endpoint.ports.map { port in
            ProvisionedPort(
                number: port.number,
                transport: port.transport,
                inLab: HostAddress(host: endpoint.name, port: port.number),
                forOwner: port.exposure == .lab ? nil : HostAddress(host: "192.0.2.1", port: port.number)
            )
        }
    }
}

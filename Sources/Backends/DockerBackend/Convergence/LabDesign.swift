import AntidoteCore

/// What is to be at the engine for one topology: networks, endpoints and the gate, each with its fingerprint.
///
/// A pure function of topology and configuration. Secrets are not resolved in it.
struct LabDesign: Sendable {
    let topology: Topology
    let names: Names
    let settings: ContainerSettings
    let endpoints: [EndpointDesign]
    let networks: [LabNetwork]
    let gate: GateDesign
    let topologyDigest: ContentDigest

    init(_ topology: Topology, settings: ContainerSettings) throws {
        self.topology = topology
        self.settings = settings
        let names = Names(topology.id)
        self.names = names
        let connections = topology.connections.enumerated().map {
            LabNetwork.connection(index: $0.offset, name: $0.element.name)
        }
        let meantToEnd = Set(
            topology.endpoints.flatMap(\.dependsOn).filter { $0.condition == .completed }.map(\.endpoint)
        )
        endpoints = try topology.endpoints.map { endpoint in
            let attachments = zip(connections, topology.connections).flatMap { network, connection in
                connection.attachments.filter { $0.endpoint == endpoint.name }
                    .map { LinkDesign(network: network, attachment: $0, subnet: connection.subnet) }
            }
            return try EndpointDesign(
                endpoint,
                containerName: names.endpoint(endpoint.name),
                links: attachments,
                isMeantToEnd: meantToEnd.contains(endpoint.name),
                topology: topology,
                settings: settings
            )
        }
        topologyDigest = try topology.digest()
        gate = GateDesign(topology, settings: settings)
        networks = (gate.exposures.isEmpty ? [] : [.gate]) + [.lab] + connections
    }

    /// How many containers will be on `network`, at least.
    func hosts(on network: LabNetwork) -> Int {
        switch network {
        case .gate: 1
        // The gate, and room for jobs that run side by side.
        case .lab: endpoints.count + 1 + max(8, endpoints.count)
        case .connection: endpoints.count { $0.links.contains { $0.network == network } }
        }
    }

    /// A fingerprint of what decides how a network is made.
    func digest(of network: LabNetwork) throws -> ContentDigest {
        try ContentDigest(of: options(of: network).merging(["name": names.network(network)]) { $1 })
    }

    /// Whether nothing is routed out of it by the engine.
    func isInternal(_ network: LabNetwork) -> Bool { network == .lab && topology.egress == .closed }

    /// The driver's options for a network.
    ///
    /// An internal network whose bridge has no address is closed in both directions over IPv4. A connection cannot
    /// be internal, since the rules of an internal network drop the author's addresses; without an address on the
    /// bridge and without masquerading there is no way out of it either.
    func options(of network: LabNetwork) -> [String: String] {
        var options = ["com.docker.network.container_iface_prefix": network.interfacePrefix]
        switch network {
        case .gate:
            options[BridgeOption.masquerade] = "false"
        case .lab where topology.egress == .open:
            break
        case .lab:
            options[BridgeOption.noAddress] = "true"
        case .connection:
            options[BridgeOption.noAddress] = "true"
            options[BridgeOption.masquerade] = "false"
        }
        return options
    }
}

/// The options of Docker's bridge driver that a lab's isolation hangs on.
enum BridgeOption {
    static let masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    static let noAddress = "com.docker.network.bridge.inhibit_ipv4"
}

/// One end of a connection, as an endpoint sees it.
struct LinkDesign: Sendable, Hashable, Codable {
    var network: LabNetwork
    var attachment: Connection.Attachment
    var subnet: IPv4Subnet
}

/// One endpoint as a container.
struct EndpointDesign: Sendable {
    let endpoint: Endpoint
    let containerName: String
    let links: [LinkDesign]
    /// Whether another endpoint waits for its end.
    let isMeantToEnd: Bool
    let digest: ContentDigest

    init(
        _ endpoint: Endpoint,
        containerName: String,
        links: [LinkDesign],
        isMeantToEnd: Bool,
        topology: Topology,
        settings: ContainerSettings
    ) throws {
        self.endpoint = endpoint
        self.containerName = containerName
        self.links = links
        self.isMeantToEnd = isMeantToEnd
        digest = try ContentDigest(
            of: Fingerprint(
                endpoint: try endpoint.digest(),
                links: links,
                isMeantToEnd: isMeantToEnd,
                labDirectory: topology.labDirectory,
                egress: topology.egress,
                limits: settings.limits(endpoint.limits),
                runtime: settings.runtimes[endpoint.flavor],
                logLimit: settings.logLimit
            )
        )
    }

    /// The engine makes the host name an alias on every network, and prefers a connection's, whose addresses are
    /// replaced by the author's: so where there are connections it must not be the endpoint's plain name.
    var hostname: String { links.isEmpty ? endpoint.name : endpoint.name + ".lab" }

    private struct Fingerprint: Encodable {
        var endpoint: ContentDigest
        var links: [LinkDesign]
        var isMeantToEnd: Bool
        var labDirectory: String
        var egress: EgressPolicy
        var limits: ResourceLimits
        var runtime: String?
        var logLimit: Int
    }
}

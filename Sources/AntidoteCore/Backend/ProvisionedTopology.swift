/// What a backend built: where everything is reached.
public struct ProvisionedTopology: Sendable, Hashable, Codable {
    /// What was built.
    public var id: TopologyID
    /// All its endpoints, in the order of the topology.
    public var endpoints: [ProvisionedEndpoint]

    public init(id: TopologyID, endpoints: [ProvisionedEndpoint]) {
        self.id = id
        self.endpoints = endpoints
    }

    /// The endpoint of that name.
    public subscript(endpoint name: String) -> ProvisionedEndpoint? {
        endpoints.first { $0.name == name }
    }
}

/// One running endpoint.
public struct ProvisionedEndpoint: Sendable, Hashable, Codable {
    /// Its name in the topology.
    public var name: String
    /// Its ports, with where each is reached.
    public var ports: [ProvisionedPort]
    /// The provider's own name for this very machine: another one after it was replaced, and so the reason to
    /// configure it again.
    public var identity: String

    public init(name: String, identity: String, ports: [ProvisionedPort]) {
        self.name = name
        self.identity = identity
        self.ports = ports
    }

    /// The port of that number.
    public subscript(port number: Int) -> ProvisionedPort? {
        ports.first { $0.number == number }
    }
}

/// A port and its addresses, by who asks.
public struct ProvisionedPort: Sendable, Hashable, Codable {
    /// The number that the endpoint itself listens on.
    public var number: Int
    /// TCP or UDP.
    public var transport: Topology.Port.Transport
    /// For the jobs and endpoints of the same lab.
    public var inLab: HostAddress
    /// For the owner, if the port is exposed to them.
    public var forOwner: HostAddress?
    /// For an edge router beside the provider.
    public var forRouter: HostAddress?

    public init(
        number: Int,
        transport: Topology.Port.Transport,
        inLab: HostAddress,
        forOwner: HostAddress? = nil,
        forRouter: HostAddress? = nil
    ) {
        self.number = number
        self.transport = transport
        self.inLab = inLab
        self.forOwner = forOwner
        self.forRouter = forRouter
    }
}

/// A host name or address, and a port.
public struct HostAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    /// A name or an address, without brackets.
    public var host: String
    /// 1 to 65535.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

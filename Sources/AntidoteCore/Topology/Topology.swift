/// What a backend builds: machines, the networks between them, and the ways in.
///
/// A pure function of an environment's source and revision, derived anew whenever it is needed. It may say more
/// than a given backend can do: that backend refuses it by ``AntidoteBackend/problems(with:)`` before it makes
/// anything.
public struct Topology: Sendable, Hashable, Encodable {
    /// What it is named and labelled by at the provider.
    public var id: TopologyID
    /// The environment's desired revision that this was derived from: for labels and people.
    public var revision: Int
    /// The machines; their names are unique.
    public var endpoints: [Endpoint]
    /// The networks of their own between machines, besides the one that all share.
    public var connections: [Connection]
    /// What may leave the lab.
    public var egress: EgressPolicy
    /// Where endpoints and jobs find their files. An absolute path.
    public var labDirectory: String
    /// Informational, set when known: the session, the source, the owner. Never secret, never used to identify.
    public var labels: [String: String]

    public init(
        id: TopologyID,
        revision: Int = 0,
        endpoints: [Endpoint],
        connections: [Connection] = [],
        egress: EgressPolicy = .closed,
        labDirectory: String = "/antidote",
        labels: [String: String] = [:]
    ) {
        self.id = id
        self.revision = revision
        self.endpoints = endpoints
        self.connections = connections
        self.egress = egress
        self.labDirectory = labDirectory
        self.labels = labels
    }
}

/// What may leave a lab.
public enum EgressPolicy: String, Sendable, Hashable, Codable {
    /// Nothing: not to the internet, the host, the metadata address or another lab; no outside name is resolved.
    case closed
    /// The internet is reachable. Other labs are still not.
    case open
}

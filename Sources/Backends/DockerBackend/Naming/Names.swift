import AntidoteCore

/// The names of everything that is made for one incarnation.
///
/// They collide on purpose: the engine gives each container name once, so that of two workers one adopts what the
/// other made. Only an endpoint's name has no dot, so that no endpoint can be called like a gate.
struct Names: Sendable, Hashable {
    let prefix: String

    init(_ id: TopologyID) { prefix = id.description }

    func endpoint(_ name: String) -> String { "\(prefix)-\(name)" }
    func helper(_ endpoint: String) -> String { "\(prefix).helper.\(endpoint)" }
    func job(_ id: JobID) -> String { "\(prefix).job.\(id)" }
    var gate: String { "\(prefix).gate" }

    /// Interfaces of a container come in the byte order of the names of its networks, and its default route goes
    /// to the first: so the gate's outer network, then the lab's, then the connections in the author's order.
    func network(_ network: LabNetwork) -> String {
        switch network {
        case .gate: "\(prefix).0-gate"
        case .lab: "\(prefix).1-lab"
        case .connection(let index, _):
            "\(prefix).2-\(String(repeating: "0", count: max(0, 4 - String(index).count)))\(index)"
        }
    }
}

/// One of the networks of a lab.
enum LabNetwork: Sendable, Hashable, Codable {
    /// The gate's way to its host, from which ports are published.
    case gate
    /// On which the endpoints and jobs find each other by name.
    case lab
    /// An author's connection, by its place in the topology.
    case connection(index: Int, name: String)

    /// As its label says.
    var key: String {
        switch self {
        case .gate: "gate"
        case .lab: "lab"
        case .connection(_, let name): "connection:\(name)"
        }
    }

    /// What its interfaces in containers are called before anybody renames them.
    var interfacePrefix: String {
        switch self {
        case .gate: "gate"
        case .lab: "eth"
        case .connection: "link"
        }
    }
}

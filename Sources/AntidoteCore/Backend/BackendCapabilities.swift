/// What a backend can do of what a ``Topology`` may ask.
public struct BackendCapabilities: Sendable, Hashable, Codable {
    /// The abilities that it has beyond machines in one network.
    public var features: Set<Feature>
    /// How many topologies may exist at once. `nil`: nobody knows, the provider will say.
    public var capacity: Int?
    /// How many `converge`, `run` and `destroy` calls it bears at once.
    public var concurrency: Int

    public init(features: Set<Feature>, capacity: Int? = nil, concurrency: Int = 8) {
        self.features = features
        self.capacity = capacity
        self.concurrency = concurrency
    }

    /// An ability that not every backend has.
    ///
    /// Not exhaustive: later releases add features. A backend that does not list one refuses topologies that need it.
    /// Decoding an unknown one throws `unsupported`.
    public enum Feature: String, Sendable, Hashable, Codable, CaseIterable {
        /// Networks of their own between endpoints, with the author's addresses.
        case connections
        /// Endpoints that wait for others.
        case dependencies
        /// Labs from which the internet is reachable.
        case egress
        /// Endpoints that forward packets.
        case forwarding
        /// The flavor `legacy`.
        case legacyFlavor
        /// Ports with the exposure `public`.
        case publicPorts
        /// More than one replica of an endpoint.
        case replicas
        /// Host names at an edge router.
        case routes
        /// Secrets that are known by name only.
        case secretReferences
        /// A bound on what an endpoint may write.
        case storageLimits
        /// The flavor `trusted`.
        case trustedFlavor
        /// UDP ports with the exposure `owner` or `public`.
        case udpExposure

        public init(from decoder: any Decoder) throws { try self.init(known: "backend feature", from: decoder) }
    }

    /// Whether it has the ability.
    package func can(_ feature: Feature) -> Bool { features.contains(feature) }

    /// A problem for each feature that `topology` needs and that is missing here.
    public func missing(for topology: Topology, backend: BackendID) -> [TopologyProblem] {
        Feature.needed(by: topology).compactMap { need in
            guard !can(need.feature) else { return nil }
            return TopologyProblem(
                .unsupported,
                subject: need.subject,
                message: "the backend \(backend) cannot do “\(need.feature.rawValue)”.",
                recovery: need.feature.recovery
            )
        }
    }
}

extension BackendCapabilities.Feature {
    static func needed(by topology: Topology) -> [(feature: Self, subject: String)] {
        var needs: [(feature: Self, subject: String)] = []
        if topology.egress == .open { needs.append((.egress, "egress")) }
        for connection in topology.connections { needs.append((.connections, connection.name)) }
        for endpoint in topology.endpoints {
            let ports = endpoint.ports.filter { $0.exposure != .lab }
            let wanted: [(Bool, Self)] = [
                (!endpoint.dependsOn.isEmpty, .dependencies),
                (endpoint.forwardsIPv4, .forwarding),
                (endpoint.flavor == .legacy, .legacyFlavor),
                (endpoint.flavor == .trusted, .trustedFlavor),
                (ports.contains { $0.exposure == .public }, .publicPorts),
                (ports.contains { $0.transport == .udp }, .udpExposure),
                (endpoint.replicas > 1, .replicas),
                (!endpoint.routes.isEmpty, .routes),
                (endpoint.limits.storageBytes != nil, .storageLimits),
                (
                    endpoint.environment.values.contains { if case .reference = $0 { true } else { false } },
                    .secretReferences
                ),
            ]
            needs += wanted.filter(\.0).map { ($0.1, endpoint.name) }
        }
        return needs
    }

    var recovery: String {
        switch self {
        case .trustedFlavor:
            "It would be root on the host: use a machine of its own, and set allowPrivileged if you mean it."
        case .storageLimits:
            "Leave the storage limit out, or move the engine to a file system with quotas."
        default:
            "Leave it out, or choose a backend that can."
        }
    }
}

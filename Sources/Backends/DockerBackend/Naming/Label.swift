/// The keys of the labels that everything of ours carries.
enum Label {
    static let instance = "labs.antidote.instance"
    static let store = "labs.antidote.store"
    static let environment = "labs.antidote.environment"
    static let incarnation = "labs.antidote.incarnation"
    static let endpoint = "labs.antidote.endpoint"
    static let role = "labs.antidote.role"
    static let owner = "labs.antidote.owner"
    static let revision = "labs.antidote.revision"
    static let fence = "labs.antidote.fence"
    /// Of what this one thing was made from.
    static let digest = "labs.antidote.digest"
    /// Of the whole topology, on the gate.
    static let topologyDigest = "labs.antidote.topology-digest"
    /// How many endpoints the topology has, on the gate.
    static let endpointCount = "labs.antidote.endpoint-count"
    /// Which try made it: a number drawn for each call of `converge`.
    static let attempt = "labs.antidote.attempt"
    /// Which of a lab's networks it is.
    static let network = "labs.antidote.network"
    /// On a container: the ids of the networks that it was made for, which are not the only ones where two workers met.
    static let networks = "labs.antidote.networks"
    static let egress = "labs.antidote.egress"
    static let job = "labs.antidote.job"
    /// The container whose interfaces a helper set.
    static let target = "labs.antidote.target"
    /// On an endpoint that is meant to end.
    static let completes = "labs.antidote.completes"
    /// Before the names of the topology's own labels.
    static let informationalPrefix = "labs.antidote.label."
}

/// What something of ours is for.
enum Role: String, Sendable, Hashable {
    case endpoint, gate, helper, job, network
}

/// A value of the `filters` parameter.
enum LabelFilter {
    /// As the engine wants it: `key=value` terms that must all hold; a key alone where any value will do.
    static func terms(_ labels: [String: String]) -> [String] {
        labels.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
    }
}

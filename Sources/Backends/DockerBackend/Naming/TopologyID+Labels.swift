import AntidoteCore

extension TopologyID {
    /// What everything of this incarnation carries.
    var labels: [String: String] {
        var labels = environmentLabels
        labels[Label.incarnation] = String(incarnation)
        return labels
    }

    /// What everything of this environment carries, whatever the incarnation.
    var environmentLabels: [String: String] {
        [
            Label.instance: instance.rawValue,
            Label.store: store.rawValue,
            Label.environment: environment.rawValue,
        ]
    }

    /// Read back from labels; `nil` unless all four parts are there and legal.
    init?(labels: [String: String]) {
        guard let instance = labels[Label.instance].flatMap(InstanceID.init(rawValue:)),
            let store = labels[Label.store].flatMap(StoreID.init(rawValue:)),
            let environment = labels[Label.environment].flatMap(EnvironmentID.init(rawValue:)),
            let incarnation = labels[Label.incarnation].flatMap({ Int($0) })
        else { return nil }
        self.init(instance: instance, store: store, environment: environment, incarnation: incarnation)
    }
}

/// The labels of one call of `converge` or `run`.
struct Labeller: Sendable {
    var common: [String: String]

    init(id: TopologyID, owner: String, fence: Fence, attempt: String, revision: Int? = nil, topology: [String: String])
    {
        common = [:]
        for (name, value) in topology { common[Label.informationalPrefix + name] = value }
        common.merge(id.labels) { $1 }
        common[Label.owner] = owner
        common[Label.fence] = fence.description
        common[Label.attempt] = attempt
        if let revision { common[Label.revision] = String(revision) }
    }

    func labels(_ role: Role, digest: ContentDigest, _ more: [String: String] = [:]) -> [String: String] {
        common.merging([Label.role: role.rawValue, Label.digest: digest.description]) { $1 }.merging(more) { $1 }
    }
}

/// One line of the engine's list of containers.
struct ContainerSummary: Decodable, Sendable, Hashable {
    var id: String
    var names: [String]
    var labels: [String: String]
    var state: State
    /// For people: `Exited (137) 3 seconds ago`.
    var status: String
    /// Seconds since 1970, by the engine's clock.
    var created: Int64
    var networkIDs: Set<String>

    /// The life of a container, as the engine spells it.
    struct State: RawRepresentable, Sendable, Hashable {
        var rawValue: String
        static let created = State(rawValue: "created")
        static let running = State(rawValue: "running")
        static let restarting = State(rawValue: "restarting")
        static let paused = State(rawValue: "paused")
        static let removing = State(rawValue: "removing")
        static let exited = State(rawValue: "exited")
    }

    init(
        id: String,
        names: [String] = [],
        labels: [String: String] = [:],
        state: State,
        status: String = "",
        created: Int64 = 0,
        networkIDs: Set<String> = []
    ) {
        self.id = id
        self.names = names
        self.labels = labels
        self.state = state
        self.status = status
        self.created = created
        self.networkIDs = networkIDs
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        names = try container.decodeIfPresent([String].self, forKey: .names) ?? []
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        state = State(rawValue: try container.decode(String.self, forKey: .state))
        status = try container.decodeIfPresent(String.self, forKey: .status) ?? ""
        created = try container.decodeIfPresent(Int64.self, forKey: .created) ?? 0
        let settings = try container.decodeIfPresent(Networks.self, forKey: .networks)
        networkIDs = Set((settings?.networks ?? [:]).values.compactMap(\.id).filter { !$0.isEmpty })
    }

    /// Whether it ended on its own with the exit status 0.
    var hasSucceeded: Bool { state == .exited && status.hasPrefix("Exited (0)") }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case labels = "Labels"
        case state = "State"
        case status = "Status"
        case created = "Created"
        case networks = "NetworkSettings"
    }

    private struct Networks: Decodable {
        var networks: [String: Network]?
        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    private struct Network: Decodable {
        var id: String?
        enum CodingKeys: String, CodingKey { case id = "NetworkID" }
    }
}

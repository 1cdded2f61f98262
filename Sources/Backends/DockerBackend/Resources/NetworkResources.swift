/// The body of a request to create a network.
struct NetworkSpecification: Encodable, Sendable {
    var name: String
    var driver = "bridge"
    var checkDuplicate = true
    var isInternal: Bool
    var enableIPv6 = false
    var options: [String: String]
    var labels: [String: String]
    var subnet: String

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case checkDuplicate = "CheckDuplicate"
        case isInternal = "Internal"
        case enableIPv6 = "EnableIPv6"
        case options = "Options"
        case labels = "Labels"
        case addresses = "IPAM"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(driver, forKey: .driver)
        try container.encode(checkDuplicate, forKey: .checkDuplicate)
        try container.encode(isInternal, forKey: .isInternal)
        try container.encode(enableIPv6, forKey: .enableIPv6)
        try container.encode(options, forKey: .options)
        try container.encode(labels, forKey: .labels)
        try container.encode(AddressPlan(ranges: [.init(subnet: subnet)]), forKey: .addresses)
    }
}

/// Which addresses a network hands out.
struct AddressPlan: Codable, Sendable, Hashable {
    /// `null` on some networks.
    var ranges: [Range]?

    struct Range: Codable, Sendable, Hashable {
        var subnet: String?
        enum CodingKeys: String, CodingKey { case subnet = "Subnet" }
    }

    enum CodingKeys: String, CodingKey { case ranges = "Config" }
}

/// One line of the engine's list of networks.
struct NetworkSummary: Decodable, Sendable, Hashable {
    var id: String
    var name: String
    var labels: [String: String]
    /// RFC 3339 with nanoseconds: of one length, so that it sorts as text within an engine.
    var created: String
    var subnets: [String]

    init(id: String, name: String, labels: [String: String], created: String = "", subnets: [String] = []) {
        self.id = id
        self.name = name
        self.labels = labels
        self.created = created
        self.subnets = subnets
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        created = try container.decodeIfPresent(String.self, forKey: .created) ?? ""
        subnets = (try container.decodeIfPresent(AddressPlan.self, forKey: .addresses)?.ranges ?? [])
            .compactMap(\.subnet)
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case labels = "Labels"
        case created = "Created"
        case addresses = "IPAM"
    }
}

/// The body of a request to put a container on one network more.
struct NetworkAttachment: Encodable, Sendable {
    var container: String
    var settings: EndpointSettings?

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case settings = "EndpointConfig"
    }
}

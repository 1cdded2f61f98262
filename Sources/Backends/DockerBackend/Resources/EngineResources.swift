/// What an engine says of itself and its host.
struct EngineInformation: Decodable, Sendable {
    var cpus: Int
    var driver: String?
    /// The engine's own clock, RFC 3339.
    var time: String?

    enum CodingKeys: String, CodingKey {
        case cpus = "NCPU"
        case driver = "Driver"
        case time = "SystemTime"
    }
}

/// Which versions of the protocol an engine speaks.
struct EngineVersions: Decodable, Sendable {
    var newest: String
    var oldest: String?
    var engine: String?
    /// What it is made of, the engine itself among it.
    var components: [Component]?

    struct Component: Decodable, Sendable {
        var name: String
        var version: String?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case version = "Version"
        }
    }

    enum CodingKeys: String, CodingKey {
        case newest = "ApiVersion"
        case oldest = "MinAPIVersion"
        case engine = "Version"
        case components = "Components"
    }
}

/// Something that happened at the engine.
struct EventMessage: Decodable, Sendable {
    var type: String
    var action: String
    var actor: Actor

    struct Actor: Decodable, Sendable {
        var id: String
        /// The container's labels, and what the action is about, such as `exitCode`.
        var attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case action = "Action"
        case actor = "Actor"
    }
}

/// The engine's way of saying no.
struct EngineComplaint: Decodable, Sendable {
    var message: String
}

/// One line of a pull's answer.
struct PullMessage: Decodable, Sendable {
    var id: String?
    var status: String?
    var detail: Detail?
    var error: String?

    struct Detail: Decodable, Sendable {
        var current: Int64?
        var total: Int64?
    }

    enum CodingKeys: String, CodingKey {
        case id
        case status
        case detail = "progressDetail"
        case error
    }
}

/// What an image says of itself.
struct ImageDetails: Decodable, Sendable {
    var id: String

    enum CodingKeys: String, CodingKey { case id = "Id" }
}

/// The body of a request to create a container.
struct ContainerSpecification: Encodable, Sendable {
    var image: String
    var hostname: String?
    var entrypoint: [String]?
    var command: [String]?
    var environment: [String] = []
    var labels: [String: String] = [:]
    /// `80/tcp` and the like.
    var exposedPorts: [String: EmptyObject]?
    var host = HostSettings()
    var networking: NetworkingSettings?

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case hostname = "Hostname"
        case entrypoint = "Entrypoint"
        case command = "Cmd"
        case environment = "Env"
        case labels = "Labels"
        case exposedPorts = "ExposedPorts"
        case host = "HostConfig"
        case networking = "NetworkingConfig"
    }
}

/// `{}`.
struct EmptyObject: Codable, Sendable, Hashable {}

/// Which networks a container is on when it is created.
struct NetworkingSettings: Encodable, Sendable {
    var endpoints: [String: EndpointSettings]

    enum CodingKeys: String, CodingKey {
        case endpoints = "EndpointsConfig"
    }
}

/// One container's place on one network.
struct EndpointSettings: Encodable, Sendable {
    var aliases: [String]?

    enum CodingKeys: String, CodingKey {
        case aliases = "Aliases"
    }
}

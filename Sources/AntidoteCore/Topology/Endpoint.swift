/// A machine of a topology.
public struct Endpoint: Sendable, Hashable, Encodable {
    /// A DNS label, unique in the topology: the other endpoints and the jobs find it by this name.
    public var name: String
    public var image: ImageReference
    /// Replaces the image's entry point.
    public var command: [String]?
    /// Replaces the image's default arguments.
    public var arguments: [String]?
    public var environment: [String: EnvironmentValue]
    /// Uploaded into the lab directory before the endpoint starts.
    public var files: FileSet
    public var replicas: Int
    public var flavor: Flavor
    public var limits: ResourceLimits
    public var ports: [Port]
    public var routes: [Route]
    public var restartPolicy: RestartPolicy
    public var dependsOn: [Dependency]
    /// Whether it forwards IPv4 packets between its interfaces.
    public var forwardsIPv4: Bool
    public var metrics: MetricsEndpoint?
    public var labels: [String: String]

    public init(
        name: String,
        image: ImageReference,
        command: [String]? = nil,
        arguments: [String]? = nil,
        environment: [String: EnvironmentValue] = [:],
        files: FileSet = .empty,
        replicas: Int = 1,
        flavor: Flavor = .untrusted,
        limits: ResourceLimits = ResourceLimits(),
        ports: [Port] = [],
        routes: [Route] = [],
        restartPolicy: RestartPolicy = .never,
        dependsOn: [Dependency] = [],
        forwardsIPv4: Bool = false,
        metrics: MetricsEndpoint? = nil,
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.files = files
        self.replicas = replicas
        self.flavor = flavor
        self.limits = limits
        self.ports = ports
        self.routes = routes
        self.restartPolicy = restartPolicy
        self.dependsOn = dependsOn
        self.forwardsIPv4 = forwardsIPv4
        self.metrics = metrics
        self.labels = labels
    }
}

/// What the provider itself does when an endpoint's process ends. The core replaces endpoints on its own.
public enum RestartPolicy: String, Sendable, Hashable, Codable {
    case never
    case onFailure
    case always
}

/// An endpoint that must have come so far before another is started.
public struct Dependency: Sendable, Hashable, Codable {
    public var endpoint: String
    public var condition: Condition

    public init(endpoint: String, condition: Condition) {
        self.endpoint = endpoint
        self.condition = condition
    }

    public enum Condition: String, Sendable, Hashable, Codable {
        case started
        case ready
        case completed
    }
}

/// A host name under which an edge router reaches a port.
public struct Route: Sendable, Hashable, Codable {
    public var hostName: String
    public var port: Int

    public init(hostName: String, port: Int) {
        self.hostName = hostName
        self.port = port
    }
}

/// Where an endpoint offers its own metrics.
public struct MetricsEndpoint: Sendable, Hashable, Codable {
    public var port: Int
    public var path: String

    public init(port: Int, path: String) {
        self.port = port
        self.path = path
    }
}

/// A machine of a topology.
public struct Endpoint: Sendable, Hashable, Encodable {
    /// A DNS label, unique in the topology: the other endpoints and the jobs find it by this name.
    public var name: String
    /// What its machine is made from.
    public var image: ImageReference
    /// Replaces the image's entry point.
    public var command: [String]?
    /// Replaces the image's default arguments.
    public var arguments: [String]?
    /// Its environment variables.
    public var environment: [String: EnvironmentValue]
    /// Uploaded into the lab directory before the endpoint starts.
    public var files: FileSet
    /// How many machines there are of it.
    public var replicas: Int
    /// How much it may do on its host.
    public var flavor: Flavor
    /// How much of the machine it may use.
    public var limits: ResourceLimits
    /// The ports that it listens on.
    public var ports: [Topology.Port]
    /// Host names at an edge router, each for one of its ports.
    public var routes: [Route]
    /// What the provider does when its process ends.
    public var restartPolicy: RestartPolicy
    /// The endpoints that it waits for.
    public var dependsOn: [Dependency]
    /// Whether it forwards IPv4 packets between its interfaces.
    public var forwardsIPv4: Bool
    /// Informational. Never secret, never used to identify.
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
        ports: [Topology.Port] = [],
        routes: [Route] = [],
        restartPolicy: RestartPolicy = .never,
        dependsOn: [Dependency] = [],
        forwardsIPv4: Bool = false,
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
        self.labels = labels
    }
}

/// What the provider itself does when an endpoint's process ends. The core replaces endpoints on its own.
public enum RestartPolicy: String, Sendable, Hashable, Codable {
    /// It stays as it ended.
    case never
    /// It is started again unless it ended with status 0.
    case onFailure
    /// It is started again.
    case always
}

/// An endpoint that must have come so far before another is started.
public struct Dependency: Sendable, Hashable, Codable {
    /// The name of the other endpoint.
    public var endpoint: String
    /// How far that one must have come.
    public var condition: Condition

    public init(endpoint: String, condition: Condition) {
        self.endpoint = endpoint
        self.condition = condition
    }

    /// How far an endpoint may have come.
    public enum Condition: String, Sendable, Hashable, Codable {
        /// Its process was started.
        case started
        /// All its probes have passed.
        case ready
        /// Its process ended with status 0.
        case completed
    }
}

/// A host name under which an edge router reaches a port.
public struct Route: Sendable, Hashable, Codable {
    /// The whole name, as a browser asks for it.
    public var hostName: String
    /// The endpoint's port behind it.
    public var port: Int

    public init(hostName: String, port: Int) {
        self.hostName = hostName
        self.port = port
    }
}

/// The value of an environment variable.
public enum EnvironmentValue: Sendable, Hashable, Encodable {
    /// For everybody to see.
    case plain(String)
    /// Known here, shown nowhere.
    case secret(Secret)
    /// Known by name only: the backend resolves it when the endpoint or job starts.
    case reference(SecretReference)

    /// A secret encodes as the fact that there is one: specifications are printed and hashed.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .plain(let text): try container.encode(text)
        case .secret(let secret): try container.encode(secret.description)
        case .reference(let reference): try container.encode(["reference": reference.name])
        }
    }
}

/// How much an endpoint may do on its host.
public enum Flavor: String, Sendable, Hashable, Codable, CaseIterable {
    /// The image's own user, the few capabilities that sshd and sudo need, never a raw or administered network.
    case untrusted
    /// As `untrusted`, and `NET_ADMIN`. Not isolated from forged packets towards the host: replies never come.
    case legacy
    /// Privileged: as good as root on the host. Refused unless a backend is told to allow it.
    case trusted
}

/// How much of the machine an endpoint or job may use. `nil` means the backend's own default, never “unlimited”.
public struct ResourceLimits: Sendable, Hashable, Codable {
    /// In cores: 0.5 is half of one.
    public var cpus: Double?
    /// Of memory, in bytes.
    public var memoryBytes: Int64?
    /// Processes and threads together.
    public var pids: Int?
    /// What it may write outside of its files.
    public var storageBytes: Int64?

    public init(cpus: Double? = nil, memoryBytes: Int64? = nil, pids: Int? = nil, storageBytes: Int64? = nil) {
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.pids = pids
        self.storageBytes = storageBytes
    }
}

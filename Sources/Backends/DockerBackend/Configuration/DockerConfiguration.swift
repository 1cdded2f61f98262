public import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything that a ``DockerBackend`` is told by its operator.
public struct DockerConfiguration: Sendable {
    /// What environments are placed by.
    public var name: BackendID
    /// Only what carries this identity is ever changed or removed.
    public var instance: InstanceID
    /// Only what carries this identity too is ever changed or removed.
    public var store: StoreID
    /// Written on everything: who made it, for finding what dead programs left behind.
    public var owner: String
    /// Where the engine is. `nil`: found by ``EngineDiscovery``.
    public var address: EngineAddress?
    /// An image with `sh`, `socat` and `ip`.
    public var gateImage: ImageReference
    /// Where the labs' own networks get their subnets from; nothing else on the engine's host may use it.
    /// `nil`: 10.213.0.0/16.
    public var addressPool: IPv4Subnet?
    /// Ranges that no connection may cover: the host's own, and whatever is behind it.
    public var reservedSubnets: [IPv4Subnet]
    /// Whether the flavor `trusted`, which is as good as root on the host, may be used.
    public var allowPrivileged: Bool
    /// What an endpoint or job gets that asks for nothing.
    public var defaultLimits: ResourceLimits
    /// The engine's runtime by flavor; the engine's own default where none is named.
    public var runtimes: [Flavor: String]
    /// By registry host; before the credentials of the Docker configuration file.
    public var registryCredentials: [String: RegistryCredential]
    /// Where the Docker command line keeps its `config.json`, with the credentials that it was given.
    /// `nil`: `$DOCKER_CONFIG`, or `~/.docker`.
    public var configurationDirectory: String?
    /// How long an endpoint may take from its start until its probes have passed.
    public var endpointDeadline: Duration
    /// How long a pull may take in all.
    public var pullDeadline: Duration
    /// How long a pull may go without a new byte.
    public var pullStallLimit: Duration
    /// Of one container's log at the engine, in bytes.
    public var logLimit: Int
    /// Where ports with the exposure `owner` are published on the engine's host.
    public var publishAddress: String
    /// Where ports with the exposure `public` are published. `nil`: they are refused.
    public var publicAddress: String?
    /// The host under which ports are reached, where it is not the publish address: a remote engine's name.
    public var reachableHost: String?
    /// Resolves the secrets that topologies and jobs know by name only.
    public var secrets: SecretResolver?
    /// What it takes for the time, and waits by.
    public var time: TimeSource
    /// Where its random numbers come from.
    public var random: RandomSource

    public init(
        name: BackendID = BackendID(unchecked: "docker"),
        instance: InstanceID,
        store: StoreID,
        owner: String = "",
        address: EngineAddress? = nil,
        gateImage: ImageReference = ImageReference("antidotelabs/gate:0.1.0"),
        addressPool: IPv4Subnet? = nil,
        reservedSubnets: [IPv4Subnet] = [],
        allowPrivileged: Bool = false,
        defaultLimits: ResourceLimits = ResourceLimits(cpus: 1, memoryBytes: 512 << 20, pids: 256),
        runtimes: [Flavor: String] = [:],
        registryCredentials: [String: RegistryCredential] = [:],
        configurationDirectory: String? = nil,
        endpointDeadline: Duration = .seconds(300),
        pullDeadline: Duration = .seconds(1800),
        pullStallLimit: Duration = .seconds(120),
        logLimit: Int = 10 << 20,
        publishAddress: String = "127.0.0.1",
        publicAddress: String? = nil,
        reachableHost: String? = nil,
        secrets: SecretResolver? = nil,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) {
        self.name = name
        self.instance = instance
        self.store = store
        self.owner = owner
        self.address = address
        self.gateImage = gateImage
        self.addressPool = addressPool
        self.reservedSubnets = reservedSubnets
        self.allowPrivileged = allowPrivileged
        self.defaultLimits = defaultLimits
        self.runtimes = runtimes
        self.registryCredentials = registryCredentials
        self.configurationDirectory = configurationDirectory
        self.endpointDeadline = endpointDeadline
        self.pullDeadline = pullDeadline
        self.pullStallLimit = pullStallLimit
        self.logLimit = logLimit
        self.publishAddress = publishAddress
        self.publicAddress = publicAddress
        self.reachableHost = reachableHost
        self.secrets = secrets
        self.time = time
        self.random = random
    }
}

/// Gives the text of a secret that is known by name only. Throws if there is none.
public typealias SecretResolver = @Sendable (SecretReference) async throws -> Secret

/// What a registry wants to see before it gives a private image.
public struct RegistryCredential: Sendable, Hashable {
    /// The name of the account.
    public var username: String
    /// Its password, or a token that stands for one.
    public var password: Secret
    /// Instead of name and password, where a credential helper gave one.
    public var identityToken: Secret?

    public init(username: String, password: Secret, identityToken: Secret? = nil) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
    }
}

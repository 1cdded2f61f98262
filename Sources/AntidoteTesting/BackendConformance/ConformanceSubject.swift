public import AntidoteCore

/// What ``BackendConformance`` needs to try a backend: the backend itself, and the things around it that a case may
/// want to see or to break.
///
/// What is `nil` makes its cases “not able” in the verdict, by name.
public protocol ConformanceSubject: Sendable {
    /// As the verdict calls it.
    var name: String { get }
    /// An image for the suite's machines and jobs, present at the provider: a POSIX shell with the usual small tools,
    /// `socat` and iproute2's `ip`; its user is root.
    var tools: ImageReference { get }
    /// How long one case may take.
    var patience: Duration { get }
    /// How long to wait for what must not happen, and between two looks: real time for a real provider.
    var time: TimeSource { get }

    /// A new copy of the backend, as another process with the same settings would make it.
    func backend(for installation: ConformanceInstallation) async throws -> any AntidoteBackend

    /// Why the backend refuses this provider as a whole, if it does: then no case can be asked, and each says so.
    func refusal() async throws -> String?

    /// Whether processes run in its machines, on a network. If not, what only those can show is not asked.
    var runsRealMachines: Bool { get }
    /// To break things behind the backend's back.
    var hands: (any ProviderHands)? { get }
    /// The world outside of the labs.
    var outside: (any OutsideWorld)? { get }
    /// A registry that wants credentials.
    var registry: ConformanceRegistry? { get }
}

extension ConformanceSubject {
    public func refusal() async throws -> String? { nil }
    public var runsRealMachines: Bool { true }
    public var hands: (any ProviderHands)? { nil }
    public var outside: (any OutsideWorld)? { nil }
    public var registry: ConformanceRegistry? { nil }
    public var time: TimeSource { .system }
    public var patience: Duration { .seconds(120) }
}

/// Whose backend is wanted, and with which settings.
public struct ConformanceInstallation: Sendable, Hashable {
    /// Whose labs these are, with ``store``.
    public var instance: InstanceID
    /// Whose labs these are, with ``instance``.
    public var store: StoreID
    /// Whether machines of the flavor `trusted` may be made.
    public var allowPrivileged = false
    /// Whether to know the registry's right credentials, wrong ones, or none.
    public var credentials: Credentials = .right
    /// How long an endpoint may take until its probes pass.
    public var endpointDeadline: Duration = .seconds(60)

    /// The usual settings.
    public init(instance: InstanceID, store: StoreID) {
        self.instance = instance
        self.store = store
    }

    /// What the backend knows of the registry's users.
    public enum Credentials: Sendable, Hashable {
        /// A user and the password.
        case right
        /// The user, and another password.
        case wrong
        /// Nobody.
        case none
    }
}

/// Does at the provider what an administrator, an accident or a stranger does.
public protocol ProviderHands: Sendable {
    /// The machine's process ends, and what it leaves stays.
    func kill(_ endpoint: String, of id: TopologyID) async throws
    /// The machine is gone.
    func remove(_ endpoint: String, of id: TopologyID) async throws
    /// How many things of whatever kind carry this instance's label: 0 when nothing of it is left. What was planted
    /// carries none.
    func things(of instance: InstanceID) async throws -> Int
}

/// Hands at a provider where a topology is several things, which have names and may be removed one by one.
public protocol ProviderPartsHands: ProviderHands {
    /// Every network of the topology is gone, whatever was on it.
    func removeNetworks(of id: TopologyID) async throws
    /// Makes something that has the name which the backend gives to this endpoint, and none of its labels. The topology
    /// need not exist yet.
    func plantForeign(named endpoint: String, of id: TopologyID) async throws -> any ForeignThing
}

/// Something that is not ours: it must still be there in the end.
public protocol ForeignThing: Sendable {
    /// Whether it is as it was planted.
    func isUntouched() async throws -> Bool
    /// Takes it away, when the case is over.
    func remove() async throws
}

/// The world outside of the labs, which closed labs must not reach.
public protocol OutsideWorld: Sendable {
    /// Every address of the host that runs the labs, IPv4 and IPv6, as an endpoint would write them.
    func hostAddresses() async throws -> [String]
    /// A service on all of the host's addresses, over TCP and UDP.
    func withHostService(_ body: @Sendable (any HostServiceRecord) async throws -> Void) async throws
    /// What a TCP server says to an owner who connects and sends `request`.
    func exchange(_ request: String, with address: HostAddress) async throws -> String
    /// What a UDP server sends back to the owner.
    func exchangeDatagram(_ text: String, with address: HostAddress) async throws -> String
}

/// What reached a service of the host so far.
public protocol HostServiceRecord: Sendable {
    /// Where it listens, over TCP and UDP.
    var port: Int { get }
    /// Connections and datagrams together.
    func arrivals() -> Int
}

/// A registry that wants credentials, and what is in it.
public struct ConformanceRegistry: Sendable {
    /// An image that is there, only for those who log in, and that is removed from the provider before each use.
    public var image: String
    /// The same by its digest: `name@sha256:…`.
    public var byDigest: String
    /// Makes the provider forget the image.
    public var forget: @Sendable () async throws -> Void

    /// A registry that is up, and has the image.
    public init(image: String, byDigest: String, forget: @escaping @Sendable () async throws -> Void) {
        self.image = image
        self.byDigest = byDigest
        self.forget = forget
    }
}

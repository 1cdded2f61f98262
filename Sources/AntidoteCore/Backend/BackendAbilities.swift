/// A backend that tells what happens to running topologies without being asked.
public protocol ObservingBackend: AntidoteBackend {
    /// Lends the stream of changes to everything of this instance. The stream ends with an error when it may have
    /// missed something: then list ``AntidoteBackend/inventory()`` first, and open a new one.
    func withChanges<Result: Sendable>(
        _ body: @Sendable (AsyncThrowingStream<TopologyChange, any Error>) async throws -> Result
    ) async throws -> Result
}

/// Something that happened to an endpoint outside of a call of ours.
public struct TopologyChange: Sendable, Hashable {
    /// The topology that the endpoint is one of.
    public var topology: TopologyID
    /// The endpoint's name.
    public var endpoint: String
    /// What happened to it.
    public var kind: Kind
    /// For people: an exit status, “out of memory”, “killed”.
    public var detail: String

    public init(topology: TopologyID, endpoint: String, kind: Kind, detail: String) {
        self.topology = topology
        self.endpoint = endpoint
        self.kind = kind
        self.detail = detail
    }

    /// What may happen to an endpoint.
    ///
    /// Not exhaustive: later releases add kinds. Decoding an unknown one throws `unsupported`.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Its process ended.
        case died
        /// The provider started it again.
        case restarted
        /// It was removed.
        case missing

        public init(from decoder: any Decoder) throws { try self.init(known: "kind of change", from: decoder) }
    }
}

/// A backend that can also list what others made at its provider: for programs that look for what dead ones left.
public protocol OwnerListingBackend: AntidoteBackend {
    /// Everything at the provider that carries an owner, of whatever instance and store.
    func inventoryOfAllInstances() async throws -> [InventoryEntry]
}

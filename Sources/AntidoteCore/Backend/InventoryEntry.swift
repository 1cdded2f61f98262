/// One topology that exists at a provider, as its labels tell.
public struct InventoryEntry: Sendable, Hashable, Codable {
    /// What it is.
    public var id: TopologyID
    /// How much of it is there.
    public var state: State
    /// Of the specification that it was last converged to; `nil` if the labels do not tell.
    public var digest: ContentDigest?
    /// Since the oldest part of it was made.
    public var age: Duration
    /// Who made it, as the backend was told: for finding what dead programs left behind.
    public var owner: String?
    /// Endpoints that are not running.
    public var deadEndpoints: [String]

    public init(
        id: TopologyID,
        state: State,
        digest: ContentDigest? = nil,
        age: Duration,
        owner: String? = nil,
        deadEndpoints: [String] = []
    ) {
        self.id = id
        self.state = state
        self.digest = digest
        self.age = age
        self.owner = owner
        self.deadEndpoints = deadEndpoints
    }

    /// How much of a topology is there.
    public enum State: String, Sendable, Hashable, Codable {
        /// Every endpoint runs.
        case running
        /// Something of it is missing.
        case partial
        /// Nothing of it runs.
        case dead
        /// It is being removed.
        case terminating
    }
}

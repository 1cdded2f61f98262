public import AntidoteCore

/// What a fake provider holds of one topology.
public struct FakeTopology: Sendable, Hashable, Codable {
    /// What it is.
    public let id: TopologyID
    /// By the provider's wall clock.
    public let madeAt: Timestamp
    /// Its machines, by name.
    public internal(set) var endpoints: [String: FakeEndpoint] = [:]
    /// How many endpoints it shall have.
    var endpointCount = 0
    /// Its connections, as it was last converged to.
    public internal(set) var connections: [Connection] = []
    /// Where its files are.
    public internal(set) var labDirectory = ""
    /// How often each job was really run.
    public internal(set) var runs: [JobID: Int] = [:]
    /// How each job ended that ran to its end.
    public internal(set) var results: [JobID: JobResult] = [:]
    /// Jobs that do not end, and what they print.
    var hanging: [JobID: String] = [:]
    /// Jobs that were stopped for their deadlines.
    var stopped: Set<JobID> = []
    /// Of the specification that it was last converged to; `nil` while it is not there yet.
    public internal(set) var digest: ContentDigest?
    /// Who made it, as the backend was told.
    public internal(set) var owner: String?

    init(id: TopologyID, madeAt: Timestamp) {
        self.id = id
        self.madeAt = madeAt
    }

    /// False if the endpoint does not run.
    mutating func end(_ endpoint: String) -> Bool {
        guard endpoints[endpoint]?.isRunning == true else { return false }
        endpoints[endpoint]?.isRunning = false
        return true
    }

    func entry(at now: Timestamp) -> InventoryEntry {
        let dead = endpoints.filter { !$0.value.isRunning }.keys.sorted()
        let state: InventoryEntry.State =
            if endpoints.isEmpty || digest == nil { .partial } else if dead.count == endpoints.count {
                .dead
            } else {
                dead.isEmpty && endpoints.count == endpointCount ? .running : .partial
            }
        return InventoryEntry(
            id: id,
            state: state,
            digest: digest,
            age: now - madeAt,
            owner: owner,
            deadEndpoints: dead
        )
    }
}

/// One machine that does not exist.
public struct FakeEndpoint: Sendable, Hashable, Codable {
    /// Another one after it was replaced.
    public internal(set) var identity: String
    /// What it was started from; `nil` where another process did that.
    public internal(set) var specification: Endpoint?
    /// Of the specification that it was started from.
    public internal(set) var digest: ContentDigest
    /// Whether it has not died.
    public internal(set) var isRunning: Bool

    // A specification may hold secrets, and is nothing for a file.
    private enum CodingKeys: CodingKey {
        case identity, digest, isRunning
    }

    /// Whether it is one of `specification`. Its secrets are compared where they are known.
    func isMade(from specification: Endpoint, digest: ContentDigest) -> Bool {
        self.digest == digest && self.specification.map { $0.secrets == specification.secrets } ?? true
    }
}

/// Which endpoints may be started, given those that are up. Whatever a dependency demands (started, ready, completed),
/// a fake endpoint has come that far when it is reachable.
struct FakeOrder {
    private var waiting: [Endpoint]

    init(_ endpoints: [Endpoint]) { waiting = endpoints }

    /// Each is given out once. Something always is as long as nothing is under way: circles were refused before.
    mutating func takeStartable(after up: Set<String>) -> [Endpoint] {
        let startable = waiting.filter { $0.dependsOn.allSatisfy { up.contains($0.endpoint) } }
        let names = Set(startable.map(\.name))
        waiting.removeAll { names.contains($0.name) }
        return startable
    }
}

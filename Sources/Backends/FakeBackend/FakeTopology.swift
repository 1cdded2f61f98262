public import AntidoteCore

/// What a fake provider holds of one topology.
public struct FakeTopology: Sendable, Hashable {
    public let id: TopologyID
    /// On the provider's monotonic clock.
    public let madeAt: Duration
    public internal(set) var endpoints: [String: FakeEndpoint] = [:]
    /// How many endpoints it shall have.
    var endpointCount = 0
    public internal(set) var connections: [Connection] = []
    public internal(set) var labDirectory = ""
    /// How often each job was really run.
    public internal(set) var runs: [JobID: Int] = [:]
    public internal(set) var results: [JobID: JobResult] = [:]
    /// Jobs that do not end, and what they print.
    var hanging: [JobID: String] = [:]
    /// Jobs that were stopped for their deadlines.
    var stopped: Set<JobID> = []
    public internal(set) var digest: Digest?
    public internal(set) var owner: String?

    init(id: TopologyID, madeAt: Duration) {
        self.id = id
        self.madeAt = madeAt
    }

    func entry(at now: Duration) -> InventoryEntry {
        let dead = endpoints.filter { !$0.value.isRunning }.keys.sorted()
        let state: InventoryEntry.State =
            if endpoints.isEmpty || digest == nil { .partial } else if dead.count == endpoints.count { .dead } else {
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
public struct FakeEndpoint: Sendable, Hashable {
    public internal(set) var identity: String
    public internal(set) var digest: Digest
    /// What it was started from.
    public internal(set) var specification: Endpoint
    public internal(set) var isRunning: Bool
}

public import AntidoteCore

/// What a fake provider holds of one topology.
public struct FakeTopology: Sendable, Hashable {
    /// What it is.
    public let id: TopologyID
    /// On the provider's monotonic clock.
    public let madeAt: Duration
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
    /// What it was last converged to; `nil` while it is not there yet.
    var specification: Topology?
    /// Who made it, as the backend was told.
    public internal(set) var owner: String?

    init(id: TopologyID, madeAt: Duration) {
        self.id = id
        self.madeAt = madeAt
    }

    /// Of the specification that it was last converged to.
    public var digest: Digest? { try? specification?.digest() }

    func entry(at now: Duration) -> InventoryEntry {
        let dead = endpoints.filter { !$0.value.isRunning }.keys.sorted()
        let state: InventoryEntry.State =
            if endpoints.isEmpty || specification == nil { .partial } else if dead.count == endpoints.count {
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
public struct FakeEndpoint: Sendable, Hashable {
    /// Another one after it was replaced.
    public internal(set) var identity: String
    /// What it was started from.
    public internal(set) var specification: Endpoint
    /// Whether it has not died.
    public internal(set) var isRunning: Bool

    /// Of the specification that it was made from.
    public var digest: Digest? { try? specification.digest() }
}

extension Endpoint {
    /// Whether a machine of this specification is one of `other` as well: labels are about it, and decide nothing.
    func isSame(as other: Endpoint) -> Bool {
        var plain = self
        plain.labels = other.labels
        return plain == other
    }
}

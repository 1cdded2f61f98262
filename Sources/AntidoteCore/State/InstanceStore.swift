/// Everything that one installation remembers: environments, sessions, sources, and what happened.
public protocol InstanceStore: StateStore, SessionStore, SourceStore, HealthChecking {
    /// What happened, oldest first: with who asked for what, the audit log.
    func events(matching filter: EventFilter) async throws -> [EnvironmentEvent]

    /// Forgets what has been over for longer than `age`: closed rows with their events, sessions that ended and
    /// have nothing any more that they could get back by asking (what they have still counts by their address), and
    /// retired editions of sources that no environment runs; at most `limit` of each. Returns how many.
    func forget(olderThan age: Duration, limit: Int) async throws -> Int

    /// The store's own time, by which everything is decided.
    func now() async throws -> Timestamp
}

/// Which events to list. Everything that is `nil` does not matter.
public struct EventFilter: Sendable, Hashable {
    /// Those of this environment.
    public var environment: EnvironmentID?
    /// Those of environments of this owner.
    public var owner: OwnerID?
    /// Those after this one, in the order of the list.
    public var after: EventPosition?
    /// How many at most.
    public var limit: Int

    public init(
        environment: EnvironmentID? = nil,
        owner: OwnerID? = nil,
        after: EventPosition? = nil,
        limit: Int = 1000
    ) {
        self.environment = environment
        self.owner = owner
        self.after = after
        self.limit = limit
    }
}

/// Where an event stands in the list of all: by time, then by environment, then by its number.
///
/// Whoever follows the list this way may miss an event whose transaction was slow: completeness is for each
/// environment, by its numbers.
public struct EventPosition: Sendable, Hashable, Comparable {
    /// When it happened.
    public var time: Timestamp
    /// What it happened to.
    public var environment: EnvironmentID
    /// Its number there.
    public var sequence: Int64

    /// The position of `event`.
    public init(_ event: EnvironmentEvent) {
        time = event.time
        environment = event.environment
        sequence = event.sequence
    }

    public static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.time, left.environment, left.sequence) < (right.time, right.environment, right.sequence)
    }
}

/// A part that can say whether it works now: a store, a bus.
public protocol HealthChecking: Sendable {
    /// Returns if it can be used now. Throws what keeps it from that; is cancelled after a while, and must end then.
    func checkHealth() async throws
}

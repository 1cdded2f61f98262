/// Keeps what is wanted and what is, for all services of an instance: environments, sessions, sources, and what happened.
///
/// Every change is a ``StoreOperation``: the rules are the core's, and a store loads, locks and writes. The store's own clock
/// decides what is due and which lease is over: only durations go in, and its time comes out with each answer. Every write
/// of a worker carries the fence of its lease, and is refused once somebody else has claimed the environment. A call that
/// is cancelled must end soon; whether it was done then is unknown.
///
/// The calls that the rest of the project makes, such as `admit(_:)`, are built on these few.
public protocol StateStore: SourceStore, HealthChecking {
    /// Drawn when the store was made. What carries another one is not ours.
    var id: StoreID { get }

    /// Whether every call ends by itself at once, also that of a task which was cancelled: a store within the process.
    /// Calls to any other have deadlines, and writes go on when whoever asked is told to stop.
    var answersAtOnce: Bool { get }

    /// Loads what `operation` needs, lets it decide, and writes what came of it: one transaction. Throws what the
    /// operation throws, and has written nothing then.
    func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer

    /// Prolongs the leases that a worker says it holds, and answers what is wanted of each environment now. One that is
    /// missing in the answer is lost.
    ///
    /// No other lease of it is prolonged: what it let go, or was given in an answer that got lost, runs out.
    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal]

    /// Those of these environments that the store has, and the store's time.
    func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]>

    /// All environments that match, by ticket. For people and programs that list, never for finding work.
    func environments(matching filter: EnvironmentFilter) async throws -> [Environment]

    /// The environments on a backend that are not closed, with a higher ticket than `ticket`, by ticket: `limit` of them at
    /// most.
    func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry]

    /// How long until some environment is due for `role` on one of `backends`: zero if one is now, or waits for capacity
    /// that is free; `nil` if none ever is.
    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration?

    /// The durable events that the query asks for, in its order.
    func events(_ query: EventQuery) async throws -> [EnvironmentEvent]

    /// Notes that `events` are published: they are not listed as unpublished again. Another process may list them for a
    /// moment still, since who hears an event twice knows it by its id, and a commit for the mark alone would be dear.
    func markPublished(_ events: [EnvironmentEvent]) async throws

    /// The sessions that the query asks for, and the store's time.
    func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]>

    /// Forgets what has been over for longer than `age`: closed environments with their events, sessions that ended and
    /// have nothing any more that they could get back by asking (what they have still counts by their address), and
    /// retired editions of sources that no environment runs; at most `limit` of each. Returns how many.
    func forget(olderThan age: Duration, limit: Int) async throws -> Int
}

@_spi(StoreKit) extension StateStore {
    public var answersAtOnce: Bool { false }

    /// Loads and writes the whole rows. A store that can change the end of a lease alone does better.
    public func renew(
        _ held: [EnvironmentID: Fence],
        for duration: Duration
    ) async throws -> [EnvironmentID: LeaseRenewal] {
        try await perform(RenewLeases(held, for: duration))
    }

    /// Reads whole rows: a store that may have very many does better.
    public func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        let filter = EnvironmentFilter(backend: backend, afterTicket: ticket, limit: limit)
        return try await environments(matching: filter).map { RosterEntry($0) }
    }
}

/// What a store answered, and the store's time of the answer.
public struct Dated<Value: Sendable>: Sendable {
    /// The answer.
    @_spi(StoreKit) public var value: Value
    /// By the store's clock.
    @_spi(StoreKit) public var at: Timestamp

    /// `value`, as it was at a time.
    @_spi(StoreKit) public init(_ value: Value, at time: Timestamp) {
        self.value = value
        at = time
    }
}

/// Which events to read.
public enum EventQuery: Sendable, Hashable {
    /// Those of an environment after a number, in order.
    case of(EnvironmentID, after: Int64)
    /// Those that a filter accepts, oldest first.
    case matching(EventFilter)
    /// Those that no one has published, oldest first: so many at most.
    case unpublished(limit: Int)
}

/// Which sessions to read.
public enum SessionQuery: Sendable, Hashable {
    /// The one of this id, whether it is over or not.
    case id(OwnerID)
    /// The one that this token belongs to, whether it is over or not.
    case token(TokenDigest)
    /// Those that are not over, oldest first: so many at most.
    case live(limit: Int)
}

/// A part that can say whether it works now: a store, a bus.
public protocol HealthChecking: Sendable {
    /// Returns if it can be used now. Throws what keeps it from that; is cancelled after a while, and must end then.
    func checkHealth() async throws
}

/// Keeps what is wanted and what is, for all services of an instance.
///
/// Domain operations, not tables; each is one transaction. The store's own clock decides what is due and which lease
/// is over: only durations go in, and its time comes out with each answer. Every write of a worker carries the fence
/// of its lease, and fails once another claim was made. A call that is cancelled must end soon; whether it was done then
/// is unknown.
public protocol StateStore: Sendable {
    /// Drawn when the store was made. What carries another one is not ours.
    var id: StoreID { get }

    /// Whether every call ends by itself at once, also that of a task which was cancelled: a store within the process.
    /// Calls to any other have deadlines, and writes go on when whoever asked is told to stop.
    var answersAtOnce: Bool { get }

    /// Admits an environment, or returns the one that this owner already has of this source.
    ///
    /// Throws `limitExceeded` and `queueFull`.
    func admit(_ request: AdmissionRequest) async throws -> Admission

    /// `nil` if there is no such row, or not any more.
    func environment(_ id: EnvironmentID) async throws -> Environment?

    /// All rows that match, by ticket. For people and programs that list, never for finding work.
    func environments(matching filter: EnvironmentFilter) async throws -> [Environment]

    /// Wants another revision of an environment. Throws `notFound` when it is over or failed.
    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange

    /// Wants an environment gone. One that is gone already is a success. Returns the row as it is then, if there is one.
    @discardableResult
    func remove(_ id: EnvironmentID) async throws -> Environment?

    /// Says that environments are in use, as often as anybody likes: a row is written only if
    /// ``Environment/isUseWorthRecording(at:)`` says that it is worth it. The same holds for an admission of what is there already.
    func keepAlive(_ ids: [EnvironmentID]) async throws

    /// Takes due rows under a lease, and grants capacity to queued ones in the order of their tickets.
    ///
    /// What `decide` wants recorded of a row as it was claimed, at the store's time, is recorded in the same
    /// transaction: most claims would otherwise be followed by a commit at once. `decide` is pure, and may be asked
    /// again.
    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim]

    /// Prolongs the leases that a worker says it holds, and answers what is now wanted of each row. A row that is absent
    /// is lost.
    ///
    /// No other lease of it: what it let go, or was given in an answer that got lost, runs out.
    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal]

    /// Records changes, each under its own lease; answers each in order.
    func commit(_ commits: [Commit]) async throws -> [CommitOutcome]

    /// How long until some row is due for `role` on one of `backends`: zero if one is now, `nil` if none ever is.
    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration?

    /// Something was seen amiss with an incarnation at its provider. True if that is news.
    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool

    /// Which of these the store has a row for.
    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment]

    /// The rows on a backend that are not closed, with a higher ticket than `ticket`, by ticket: `limit` of them at most.
    func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry]

    /// The durable events of an environment after `sequence`, in order.
    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent]

    /// Events that no one has published, oldest first.
    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent]

    /// Notes that `events` are published: they are not listed as unpublished again. Another process may list them for a
    /// moment still, since who hears an event twice knows it by its id, and a commit for the mark alone would be dear.
    func markPublished(_ events: [EnvironmentEvent]) async throws
}

extension StateStore {
    public var answersAtOnce: Bool { false }

    /// Reads whole rows: a store that may have very many does better.
    public func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        let filter = EnvironmentFilter(backend: backend, afterTicket: ticket, limit: limit)
        return try await environments(matching: filter).map { RosterEntry($0) }
    }

    /// Takes due rows under a lease, and records nothing else with it.
    public func claim(_ request: ClaimRequest) async throws -> [Claim] {
        try await claim(request) { _, _ in [] }
    }
}

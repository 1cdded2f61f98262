/// The rows that one transaction holds, and what its operations have made of them. A value.
///
/// A store fills it before the rules decide. Afterwards it writes `changes`, `events`, `openedSessions` and
/// `changedSessions`.
public struct WorkingSet: Sendable {
    /// The store's time, for everything that the transaction does.
    @_spi(StoreKit) public let now: Timestamp
    /// What the installation allows.
    @_spi(StoreKit) public let limits: AdmissionLimits
    private let random: RandomSource

    private var rows: [EnvironmentID: (before: Environment?, after: Environment)] = [:]
    private var byOwner: [OwnerID: [EnvironmentID]] = [:]
    private var sessions: [OwnerID: (before: LiveSession, after: LiveSession)] = [:]
    private var addresses: [OwnerID: String] = [:]

    /// How many running environments an owner has. Needed only where the limits have `perOwner`.
    @_spi(StoreKit) public var environmentsOfOwner: [OwnerID: Int] = [:]
    /// How many running environments all sessions of an address have. Needed only where the limits have `perAddress`.
    @_spi(StoreKit) public var environmentsOfAddress: [String: Int] = [:]
    /// How many live sessions an address has. Needed only where the limits have `sessionsPerAddress`.
    @_spi(StoreKit) public var sessionsOfAddress: [String: Int] = [:]
    /// How many environments wait for capacity. Needed only where the limits have `queueLength`.
    @_spi(StoreKit) public var queueLength = 0
    /// New tickets in their order, one for each admission that is asked for. One that is not taken may be given again.
    @_spi(StoreKit) public var tickets: ArraySlice<Int64> = []
    /// Environments that are due, the longest due first.
    @_spi(StoreKit) public var due: [EnvironmentID] = []
    /// Queued environments that no worker holds, by ticket.
    @_spi(StoreKit) public var queued: [EnvironmentID] = []
    /// The capacity that is held; `nil` where no limit depends on it.
    @_spi(StoreKit) public var capacity: HeldCapacity?

    /// Every change so far, in order.
    package private(set) var steps: [RowChange] = []
    /// Sessions that are new, with what is stored of their requests.
    @_spi(StoreKit) public private(set) var openedSessions: [(session: LiveSession, request: SessionRequest)] = []

    /// An empty set.
    @_spi(StoreKit) public init(now: Timestamp, limits: AdmissionLimits, random: RandomSource) {
        self.now = now
        self.limits = limits
        self.random = random
    }
}

// MARK: - What a store loads

extension WorkingSet {
    /// Takes in an environment as it is stored. One that is here already stays as it is.
    @_spi(StoreKit) public mutating func load(_ row: Environment) {
        guard rows[row.id] == nil else { return }
        rows[row.id] = (row, row)
        byOwner[row.owner, default: []].append(row.id)
    }

    /// Takes in a session as it is stored, with the address that it was opened from.
    @_spi(StoreKit) public mutating func load(_ session: LiveSession, address: String?) {
        guard sessions[session.id] == nil else { return }
        sessions[session.id] = (session, session)
        addresses[session.id] = address
    }
}

// MARK: - What a store writes

extension WorkingSet {
    /// Environments that are new or changed, in the order of their ids. Without `before`, one is new.
    @_spi(StoreKit) public var changes: [(before: Environment?, after: Environment)] {
        rows.values.filter { $0.before != $0.after }.sorted { $0.after.id < $1.after.id }
    }

    /// New events, in order.
    @_spi(StoreKit) public var events: [EnvironmentEvent] { steps.flatMap(\.events) }

    /// Sessions that were changed, in the order of their ids.
    @_spi(StoreKit) public var changedSessions: [LiveSession] {
        sessions.values.filter { $0.before != $0.after }.map(\.after).sorted { $0.id < $1.id }
    }

    /// The address that the session of `owner` was opened from, if it has one and its session was loaded.
    @_spi(StoreKit) public func address(of owner: OwnerID) -> String? { addresses[owner] }
}

// MARK: - What the rules read and change

extension WorkingSet {
    /// The environment as it is now; `nil` if it was not loaded.
    subscript(id: EnvironmentID) -> Environment? { rows[id]?.after }

    /// The environments of `owner` that were loaded, by ticket.
    func environments(of owner: OwnerID) -> [Environment] {
        byOwner[owner, default: []].compactMap { rows[$0]?.after }.sorted { $0.ticket < $1.ticket }
    }

    /// The session as it is now; `nil` if there is none.
    func session(_ id: OwnerID) -> LiveSession? { sessions[id]?.after }

    mutating func nextTicket() throws -> Int64 {
        guard let ticket = tickets.popFirst() else {
            throw AntidoteError(.internalFault, "the store drew no ticket for an admission")
        }
        return ticket
    }

    func makeEnvironmentID() -> EnvironmentID { random.environmentID() }

    func makeSessionID() -> OwnerID { random.sessionID() }

    /// Makes `change` if its rule allows it. `nil`: it was refused, or there is no such environment.
    @discardableResult
    mutating func change(
        _ id: EnvironmentID,
        _ change: EnvironmentChange
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        var changed = rows[id]?.after
        guard let kinds = changed?.apply(change, now: now), let changed else { return nil }
        return update(id) {
            $0 = changed
            return kinds
        }
    }

    /// Changes an environment and numbers the events of the change, made under `fence` if it is that of a worker.
    @discardableResult
    mutating func update(
        _ id: EnvironmentID,
        under fence: Fence? = nil,
        _ change: (inout Environment) -> [EnvironmentEvent.Kind]
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        guard let before = rows[id]?.after else { return nil }
        var row = before
        let events = change(&row).map { kind in
            row.eventCount += 1
            return EnvironmentEvent(kind, about: row, sequence: row.eventCount, time: now)
        }
        rows[id]?.after = row
        if capacity != nil, before.holdsCapacity != row.holdsCapacity {
            capacity?.add(row.holdsCapacity ? 1 : -1, of: row.source, on: row.backend)
        }
        steps.append(RowChange(before: before, after: row, events: events, at: now, fence: fence))
        return (row, events)
    }

    /// Adds a new environment with its first events.
    mutating func insert(
        _ row: Environment,
        with kinds: [EnvironmentEvent.Kind]
    ) -> (row: Environment, events: [EnvironmentEvent]) {
        rows[row.id] = (nil, row)
        byOwner[row.owner, default: []].append(row.id)
        return update(row.id) { _ in kinds } ?? (row, [])
    }

    mutating func open(_ session: LiveSession, for request: SessionRequest) {
        openedSessions.append((session, request))
    }

    mutating func changeSession(_ id: OwnerID, _ change: (inout LiveSession) -> Void) -> LiveSession? {
        guard var session = sessions[id]?.after else { return nil }
        change(&session)
        sessions[id]?.after = session
        return session
    }

    /// Whether there is capacity for a queued environment. It is taken when the environment leaves the queue.
    func hasCapacity(for id: EnvironmentID) -> Bool {
        guard let row = rows[id]?.after, let capacity else { return rows[id] != nil }
        return capacity.room(for: row.source, on: row.backend, within: limits) > 0
    }
}

/// One change of one row, for a simulation that checks each.
package struct RowChange: Sendable {
    /// The row before it; that of a new row has no events yet.
    package var before: Environment
    /// The row after it.
    package var after: Environment
    /// The durable events of it.
    package var events: [EnvironmentEvent]
    /// The store's time.
    package var at: Timestamp
    /// The fence of the lease under which it was made; `nil` if no worker made it.
    package var fence: Fence?
}

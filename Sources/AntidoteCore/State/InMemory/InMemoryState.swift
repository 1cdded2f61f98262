/// Everything that an in-memory store holds: a value, changed only under its lock.
struct InMemoryState {
    let limits: AdmissionLimits
    private(set) var rows: [EnvironmentID: Environment] = [:]
    private(set) var journal = EventJournal()
    private var due: [DueKey: DueIndex] = [:]
    private var waiting: [BackendID: WaitingLine] = [:]
    private var byOwner: [OwnerID: Set<EnvironmentID>] = [:]
    private var ledger = CapacityLedger()
    private var closed: [(id: EnvironmentID, at: Timestamp)] = []
    var sessions = SessionTable()
    var sources = SourceHistory()
    private var lastTicket: Int64 = 0
    /// Kept only if somebody asked for it.
    var trail: [RowChange]?

    private struct DueKey: Hashable {
        var role: WorkerRole
        var backend: BackendID
    }

    /// How many rows that are over are kept, for those who ask what became of them.
    private static let closedRows = 1000

    init(limits: AdmissionLimits) { self.limits = limits }

    /// How many rows wait for room.
    var queueLength: Int { waiting.values.reduce(0) { $0 + $1.count } }

    func rows(of owner: OwnerID) -> [Environment] {
        byOwner[owner, default: []].compactMap { rows[$0] }.sorted { $0.ticket < $1.ticket }
    }

    mutating func nextTicket() -> Int64 {
        lastTicket += 1
        return lastTicket
    }

    /// Changes a row, keeps every index, and writes the events that `change` returns.
    @discardableResult
    mutating func update(
        _ id: EnvironmentID,
        now: Timestamp,
        under fence: Fence? = nil,
        _ change: (inout Environment) -> [EnvironmentEvent.Kind]
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        guard let before = rows[id] else { return nil }
        var row = before
        let events = change(&row).map { kind in
            row.eventCount += 1
            return EnvironmentEvent(kind, about: row, sequence: row.eventCount, time: now)
        }
        journal.append(events)
        replace(before, with: row)
        trail?.append(RowChange(before: before, after: row, events: events, at: now, fence: fence))
        return (row, events)
    }

    /// Makes `change` if its rule allows it. `nil`: it was refused, or there is no such row.
    @discardableResult
    mutating func change(
        _ id: EnvironmentID,
        _ change: EnvironmentChange,
        now: Timestamp
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        var changed = rows[id]
        guard changed?.apply(change, now: now) != nil else { return nil }
        return update(id, now: now) { $0.apply(change, now: now) ?? [] }
    }

    /// The row as it is now, if it was written.
    @discardableResult
    mutating func noteUse(of id: EnvironmentID, now: Timestamp) -> Environment? {
        change(id, .use, now: now)?.row
    }

    mutating func insert(_ row: Environment, now: Timestamp) -> (row: Environment, events: [EnvironmentEvent]) {
        rows[row.id] = row
        byOwner[row.owner, default: []].insert(row.id)
        sessions.hold(row)
        waiting[row.backend, default: WaitingLine()].append(row)
        index(row)
        return update(row.id, now: now) { _ in [.admitted] } ?? (row, [])
    }

    /// The next row of `backend` that waits and finds room, in the order of the tickets. It waits until it is claimed.
    ///
    /// One that a collector holds is not given to anybody else: it is about to expire.
    func nextWaiting(_ backend: BackendID, now: Timestamp) -> EnvironmentID? {
        guard !ledger.isFull(backend, within: limits) else { return nil }
        return waiting[backend]?.first {
            rows[$0].map(hasRoom) ?? false
        } isFree: {
            rows[$0]?.lease.map { $0.endsAt <= now } ?? true
        }
    }

    mutating func takeDue(_ role: WorkerRole, _ backend: BackendID, now: Timestamp) -> EnvironmentID? {
        due[DueKey(role: role, backend: backend)]?.popDue(by: now)
    }

    mutating func earliestDue(_ role: WorkerRole, _ backend: BackendID) -> Timestamp? {
        due[DueKey(role: role, backend: backend)]?.earliest()
    }

    /// Whether a row of `backend` waits that there is room for.
    func canGrant(_ backend: BackendID, now: Timestamp) -> Bool {
        nextWaiting(backend, now: now) != nil
    }

    mutating func markPublished(_ events: [EnvironmentEvent]) { journal.markPublished(events) }

    private func hasRoom(_ row: Environment) -> Bool { ledger.hasRoom(for: row, within: limits) }

    private mutating func replace(_ before: Environment, with row: Environment) {
        rows[row.id] = row
        if before.holdsCapacity != row.holdsCapacity { ledger.add(row, row.holdsCapacity ? 1 : -1) }
        if before.phase.awaitsCapacity, !row.phase.awaitsCapacity { waiting[row.backend]?.remove(row) }
        if !row.phase.isOpen, before.phase.isOpen { retire(row) }
        if before.isRunning, !row.isRunning { sessions.release(row) }
        index(row)
    }

    private mutating func index(_ row: Environment) {
        let evaluation = Lifecycle.evaluate(row, now: row.phaseSince)
        for role in WorkerRole.allCases {
            due[DueKey(role: role, backend: row.backend), default: DueIndex()]
                .set(row.id, ticket: row.ticket, moment: evaluation.role == role ? evaluation.claimableAt : nil)
        }
    }

    private mutating func retire(_ row: Environment) {
        byOwner[row.owner]?.remove(row.id)
        if byOwner[row.owner]?.isEmpty == true { byOwner[row.owner] = nil }
        closed.append((row.id, row.phaseSince))
        if closed.count > 2 * InMemoryState.closedRows { forget(InMemoryState.closedRows) }
    }

    /// Forgets rows that were closed before `moment`, at most `limit`. Returns how many.
    mutating func forgetClosed(before moment: Timestamp, limit: Int) -> Int {
        let count = min(limit, closed.prefix { $0.at < moment }.count)
        forget(count)
        return count
    }

    private mutating func forget(_ count: Int) {
        for entry in closed.prefix(count) {
            rows[entry.id] = nil
            journal.forget(entry.id)
        }
        closed.removeFirst(count)
    }
}

/// One change of one row of an in-memory store, for a simulation that checks each.
package struct RowChange: Sendable {
    /// Without any event: the row is new.
    package var before: Environment
    package var after: Environment
    package var events: [EnvironmentEvent]
    package var at: Timestamp
    /// What the change was committed under; `nil` if it was no commit of a worker.
    package var fence: Fence?
}

/// Everything that an in-memory store holds: a value, changed only under its lock.
struct InMemoryState {
    let limits: AdmissionLimits
    private(set) var rows: [EnvironmentID: Environment] = [:]
    var journal = EventJournal()
    var sessions = SessionTable()
    var sources = SourceHistory()
    /// Kept only if somebody asked for it.
    var trail: [RowChange]?
    private var due: [DueKey: DueIndex] = [:]
    private var waiting: [BackendID: WaitingLine] = [:]
    private var byOwner: [OwnerID: Set<EnvironmentID>] = [:]
    private var held = HeldCapacity()
    private var closed: [(id: EnvironmentID, at: Timestamp)] = []
    private var lastTicket: Int64 = 0

    private struct DueKey: Hashable {
        var role: WorkerRole
        var backend: BackendID
    }

    /// How many rows that are over are kept, for those who ask what became of them.
    private static let closedRows = 1000

    init(limits: AdmissionLimits) { self.limits = limits }

    func rows(of owner: OwnerID) -> [Environment] {
        byOwner[owner, default: []].compactMap { rows[$0] }.sorted { $0.ticket < $1.ticket }
    }
}

// MARK: - Loading

extension InMemoryState {
    /// What an operation needs, as it is now.
    mutating func load(_ needs: StoreNeeds, now: Timestamp, random: RandomSource) -> WorkingSet {
        var set = WorkingSet(now: now, limits: limits, random: random)
        switch needs {
        case .environments(let ids):
            for id in ids { if let row = rows[id] { set.load(row) } }
        case .admission(let request):
            load(request, into: &set)
        case .session(let id):
            if let session = sessions[id] { set.load(session, address: sessions.address(of: id)) }
            for row in rows(of: id) { set.load(row) }
        case .sessions(let address):
            if let address { set.sessionsOfAddress[address] = sessions.count(from: address, at: now) }
        case .work(let request):
            load(request, into: &set)
        }
        return set
    }

    private func load(_ request: AdmissionRequest, into set: inout WorkingSet) {
        let owner = request.owner
        let address = sessions.address(of: owner)
        if let session = sessions[owner] { set.load(session, address: address) }
        let running = rows(of: owner).filter(\.isRunning)
        for row in running where row.source.isSame(as: request.source) { set.load(row) }
        set.environmentsOfOwner[owner] = running.count
        if let address { set.environmentsOfAddress[address] = sessions.environments(beside: owner) }
        set.queueLength = waiting.values.reduce(0) { $0 + $1.count }
        set.tickets = [lastTicket + 1]
    }

    private mutating func load(_ request: ClaimRequest, into set: inout WorkingSet) {
        set.capacity = held
        // Counted on, so that what is loaded of one backend leaves the right room for the next.
        var planned = held
        for backend in request.backends {
            set.due += takeDue(request.role, backend, now: set.now, limit: request.limit - set.due.count)
            guard request.role == .scheduler else { continue }
            let limit = request.limit - set.due.count - set.queued.count
            set.queued += nextQueued(on: backend, limit: limit, now: set.now, &planned)
        }
        for id in set.due + set.queued { if let row = rows[id] { set.load(row) } }
    }

    private mutating func takeDue(
        _ role: WorkerRole,
        _ backend: BackendID,
        now: Timestamp,
        limit: Int
    ) -> [EnvironmentID] {
        due[DueKey(role: role, backend: backend)]?.due(by: now, limit: limit) ?? []
    }

    /// The rows of `backend` that wait and find room, in the order of the tickets.
    ///
    /// One that a collector holds is granted nothing: it is about to expire.
    private func nextQueued(
        on backend: BackendID,
        limit: Int,
        now: Timestamp,
        _ held: inout HeldCapacity
    ) -> [EnvironmentID] {
        waiting[backend]?.first(limit, within: limits, &held) { id in
            rows[id]?.lease.map { $0.endsAt <= now } ?? true
        } ?? []
    }

    mutating func nextDue(for role: WorkerRole, on backends: [BackendID], now: Timestamp) -> Duration? {
        var earliest: Timestamp?
        for backend in backends {
            var planned = held
            if role == .scheduler, !nextQueued(on: backend, limit: 1, now: now, &planned).isEmpty { return .zero }
            guard let moment = due[DueKey(role: role, backend: backend)]?.earliest() else { continue }
            earliest = min(earliest ?? moment, moment)
        }
        return earliest.map { max(.zero, $0 - now) }
    }
}

// MARK: - Writing

extension InMemoryState {
    /// Writes what the rules made of the set.
    mutating func write(_ set: WorkingSet) {
        for (session, request) in set.openedSessions { sessions.insert(session, request) }
        for session in set.changedSessions { sessions.replace(session) }
        for (before, row) in set.changes {
            if let before { replace(before, with: row) } else { insert(row) }
        }
        journal.append(set.events)
        trail?.append(contentsOf: set.steps)
    }

    private mutating func insert(_ row: Environment) {
        rows[row.id] = row
        lastTicket = max(lastTicket, row.ticket)
        byOwner[row.owner, default: []].insert(row.id)
        sessions.hold(row)
        waiting[row.backend, default: WaitingLine()].append(row)
        index(row)
    }

    private mutating func replace(_ before: Environment, with row: Environment) {
        rows[row.id] = row
        if before.holdsCapacity != row.holdsCapacity {
            held.add(row.holdsCapacity ? 1 : -1, of: row.source, on: row.backend)
        }
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
        if closed.count > 2 * InMemoryState.closedRows { forgetRows(InMemoryState.closedRows) }
    }
}

// MARK: - Forgetting

extension InMemoryState {
    /// Forgets what was over before `moment`, at most `limit` of each. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int) -> Int {
        let used = Set(
            rows.values.lazy.filter(\.phase.isOpen).map {
                SourceHistory.Version(kind: $0.source.kind, version: $0.source.version)
            }
        )
        let count = min(limit, closed.prefix { $0.at < moment }.count)
        forgetRows(count)
        return count + sessions.forget(before: moment, limit: limit)
            + sources.forget(before: moment, limit: limit) { used.contains($0) }
    }

    private mutating func forgetRows(_ count: Int) {
        for entry in closed.prefix(count) {
            rows[entry.id] = nil
            journal.forget(entry.id)
        }
        closed.removeFirst(count)
    }
}

@_spi(StoreKit) import AntidoteCore

/// What the store holds. A database has tables, indexes and locks instead.
struct Tables {
    /// By ticket.
    var environments: [Environment] = []
    var sessions: [(session: LiveSession, request: SessionRequest)] = []
    var events: [EnvironmentEvent] = []
    var published: Set<String> = []
    var editions: [(edition: SourceEdition, retiredAt: Timestamp?)] = []
    private var lastTicket: Int64 = 0
}

// MARK: - Loading

extension Tables {
    func load(_ needs: StoreNeeds, into set: inout WorkingSet) {
        switch needs {
        case .environments(let ids):
            for row in environments where ids.contains(row.id) { set.load(row) }
        case .admission(let request):
            load(request, into: &set)
        case .session(let id):
            load(id, into: &set)
            for row in environments where row.owner == id && row.phase != .closed { set.load(row) }
        case .sessions(let address):
            guard let address else { return }
            set.sessionsOfAddress[address] = sessions.count {
                $0.request.address == address && $0.session.isLive(at: set.now)
            }
        case .work(let request):
            load(request, into: &set)
        }
    }

    /// What admission depends on: the session, the owner's running environments, and what is counted.
    private func load(_ request: AdmissionRequest, into set: inout WorkingSet) {
        let running = environments.filter(\.isRunning)
        let own = running.filter { $0.owner == request.owner }
        load(request.owner, into: &set)
        for row in own { set.load(row) }
        set.environmentsOfOwner[request.owner] = own.count
        if let address = set.address(of: request.owner) {
            let neighbours = sessions.filter { $0.request.address == address }.map(\.session.id)
            set.environmentsOfAddress[address] = running.count { neighbours.contains($0.owner) }
        }
        set.queueLength = running.count { $0.phase == .queued }
        set.tickets = [lastTicket + 1]
    }

    /// Of each backend, what is due and what can be granted capacity: no more of each than was asked for.
    private func load(_ request: ClaimRequest, into set: inout WorkingSet) {
        let due = environments.filter { row in
            let evaluation = Lifecycle.evaluate(row, now: set.now)
            return request.backends.contains(row.backend) && evaluation.role == request.role
                && evaluation.claimableAt.map { $0 <= set.now } ?? false
        }.sorted { claimableAt($0, set.now) < claimableAt($1, set.now) }
        set.due = due.prefix(request.limit).map(\.id)
        set.capacity = held
        if request.role == .scheduler {
            set.queued = queued(on: request.backends, limit: request.limit, set.limits, now: set.now).map(\.id)
        }
        for row in environments where set.due.contains(row.id) || set.queued.contains(row.id) { set.load(row) }
    }

    private func claimableAt(_ row: Environment, _ now: Timestamp) -> Timestamp {
        Lifecycle.evaluate(row, now: now).claimableAt ?? now
    }

    private func load(_ owner: OwnerID, into set: inout WorkingSet) {
        for entry in sessions where entry.session.id == owner {
            set.load(entry.session, address: entry.request.address)
        }
    }

    /// The capacity that is held now.
    private var held: HeldCapacity {
        var held = HeldCapacity()
        for row in environments where Lifecycle.evaluate(row, now: row.phaseSince).holdsCapacity {
            held.add(1, of: row.source, on: row.backend)
        }
        return held
    }

    /// The rows that wait and find room, by ticket, and that no worker holds.
    func queued(on backends: [BackendID], limit: Int, _ limits: AdmissionLimits, now: Timestamp) -> [Environment] {
        var planned = held
        var found: [Environment] = []
        for backend in backends {
            for row in environments where row.backend == backend && row.phase == .queued && found.count < limit {
                guard row.lease.map({ $0.endsAt <= now }) ?? true,
                    planned.room(for: row.source, on: backend, within: limits) > 0
                else { continue }
                planned.add(1, of: row.source, on: backend)
                found.append(row)
            }
        }
        return found
    }
}

// MARK: - Writing

extension Tables {
    mutating func write(_ set: WorkingSet) {
        sessions += set.openedSessions
        for session in set.changedSessions {
            for index in sessions.indices where sessions[index].session.id == session.id {
                sessions[index].session = session
            }
        }
        for (before, row) in set.changes {
            if before == nil {
                environments.append(row)
                lastTicket = row.ticket
            } else if let index = environments.firstIndex(where: { $0.id == row.id }) {
                environments[index] = row
            }
        }
        events += set.events
    }

    mutating func replace(with edition: SourceEdition, now: Timestamp) {
        for index in editions.indices where editions[index].edition.kind == edition.kind {
            let isSame = editions[index].edition.version == edition.version
            editions[index].retiredAt = isSame ? nil : editions[index].retiredAt ?? now
        }
        let isKnown = editions.contains { $0.edition.kind == edition.kind && $0.retiredAt == nil }
        if !isKnown { editions.append((edition, nil)) }
    }

    /// Forgets what has been over since before `moment`, at most `limit` of each kind. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int) -> Int {
        let rows = Set(environments.filter { $0.phase == .closed && $0.phaseSince < moment }.prefix(limit).map(\.id))
        let running = Set(environments.filter(\.isRunning).map(\.owner))
        let over = sessions.filter { entry in
            !running.contains(entry.session.id) && entry.session.expiresAt.map { $0 < moment } ?? false
        }
        let owners = Set(over.prefix(limit).map(\.session.id))
        let used = Set(environments.filter { $0.phase != .closed }.map { [$0.source.kind, $0.source.version] })
        let retired = editions.indices.filter { index in
            let (edition, retiredAt) = editions[index]
            return retiredAt.map { $0 < moment } ?? false && !used.contains([edition.kind, edition.version])
        }.prefix(limit)
        environments.removeAll { rows.contains($0.id) }
        events.removeAll { rows.contains($0.environment) }
        sessions.removeAll { owners.contains($0.session.id) }
        for index in retired.reversed() { editions.remove(at: index) }
        return rows.count + owners.count + retired.count
    }
}

#if SQLite
@_spi(StoreKit) public import AntidoteCore
import GRDB

extension SQLiteStateStore {
    /// One transaction, which has the file for itself.
    public func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        try await write { transaction in
            var set = try transaction.load(operation.needs)
            let answer = try operation.decide(&set)
            try transaction.write(set)
            return answer
        }
    }
}

// MARK: - Loading

extension SQLiteTransaction {
    fileprivate func load(_ needs: StoreNeeds) throws -> WorkingSet {
        var set = WorkingSet(now: now, limits: limits, random: random)
        switch needs {
        case .environments(let ids):
            for id in ids { if let row = try environment(id) { set.load(row) } }
        case .admission(let request):
            try load(request, into: &set)
        case .session(let id):
            let (session, address) = try sessionAndAddress(id)
            if let session { set.load(session, address: address) }
            for row in try environments("owner = ? AND closed_at IS NULL ORDER BY ticket", [id.rawValue]) {
                set.load(row)
            }
        case .sessions(let address):
            if let address, limits.sessionsPerAddress != nil {
                set.sessionsOfAddress[address] = try count(
                    "antidote_sessions WHERE address = ? AND (expires_at IS NULL OR expires_at > ?)",
                    [address, now.microseconds]
                )
            }
        case .work(let request):
            try load(request, into: &set)
        }
        return set
    }

    /// Nothing is counted that has no limit.
    private func load(_ request: AdmissionRequest, into set: inout WorkingSet) throws {
        let owner = request.owner.rawValue
        let (session, address) = try sessionAndAddress(request.owner)
        if let session { set.load(session, address: address) }
        let same = try environments(
            "owner = ? AND source_kind = ? AND source_name = ? AND is_shared ORDER BY ticket LIMIT 1",
            [owner, request.source.kind, request.source.name]
        )
        // What is there already is given back, whatever else there is.
        if let row = same.first { return set.load(row) }
        set.tickets = [Int64(try count(.tickets) + 1)]
        set.queueLength = try count(.queue)
        if let limit = limits.perOwner {
            set.environmentsOfOwner[request.owner] = try count(
                "antidote_environments INDEXED BY antidote_environments_shared WHERE owner = ? AND is_shared LIMIT ?",
                [owner, limit]
            )
        }
        if let address, let limit = limits.perAddress {
            set.environmentsOfAddress[address] = try count(
                "antidote_environments WHERE address = ? AND is_shared LIMIT ?",
                [address, limit]
            )
        }
    }

    private func load(_ request: ClaimRequest, into set: inout WorkingSet) throws {
        var held = HeldCapacity()
        var due: [Environment] = []
        var queued: [Environment] = []
        for backend in request.backends {
            due += try self.due(for: request.role, on: backend, limit: request.limit - due.count - queued.count)
            guard request.role == .scheduler else { continue }
            let limit = request.limit - due.count - queued.count
            queued += try self.queued(on: backend, limit: limit, &held, beside: queued)
        }
        for row in due + queued { set.load(row) }
        set.due = due.map(\.id)
        set.queued = queued.map(\.id)
        set.capacity = limits.limitCapacity ? held : nil
    }
}

// MARK: - Writing

extension SQLiteTransaction {
    fileprivate func write(_ set: WorkingSet) throws {
        for (session, request) in set.openedSessions { try insert(session, request) }
        for session in set.changedSessions { try store(session) }
        for (before, row) in set.changes {
            if let before {
                try update(before, to: row)
            } else {
                try insert(row, address: set.address(of: row.owner))
            }
        }
        for event in set.events { try insert(event) }
    }
}
#endif

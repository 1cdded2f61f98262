#if SQLite
public import AntidoteCore
import GRDB

extension SQLiteStateStore {
    public func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await write { transaction in
            let (session, address) = try transaction.sessionAndAddress(request.owner)
            if request.requiresSession, session?.isLive(at: transaction.now) != true {
                throw AntidoteError.sessionEnded
            }
            let same = try transaction.environments(
                "owner = ? AND source_kind = ? AND source_name = ? AND is_shared ORDER BY ticket LIMIT 1",
                [request.owner.rawValue, request.source.kind, request.source.name]
            )
            if let row = same.first {
                return Admission(environment: try transaction.change(row, .use)?.row ?? row, isNew: false, events: [])
            }
            try transaction.checkLimits(of: request.owner, address: address)
            let row = Environment(
                admitting: request,
                of: session,
                id: transaction.random.environmentID(),
                ticket: Int64(try transaction.add(1, to: .tickets)),
                now: transaction.now
            )
            let (admitted, events) = try transaction.insert(row, address: address)
            return Admission(environment: admitted, isNew: true, events: events)
        }
    }

    public func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await read { try $0.environment(id) }
    }

    public func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        var conditions = ["ticket > ?"]
        var arguments: StatementArguments = [filter.afterTicket ?? .min]
        if let owner = filter.owner {
            conditions.append("owner = ?")
            arguments += [owner.rawValue]
        }
        if let backend = filter.backend {
            conditions.append("backend = ?")
            arguments += [backend.rawValue]
        }
        // By their order, so that the same statement is prepared once.
        let phases = Phase.allCases.filter { filter.phases?.contains($0) ?? ($0.isOpen) }
        guard !phases.isEmpty, filter.limit ?? 1 > 0 else { return [] }
        if filter.phases == nil {
            conditions.append("closed_at IS NULL")
        } else if phases.count < Phase.allCases.count {
            conditions.append("phase IN (\(phases.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(phases.map(\.rawValue))
        }
        let limit = filter.limit.map { "LIMIT \($0)" } ?? ""
        return try await read { [conditions, arguments] transaction in
            try transaction.environments(
                "\(conditions.joined(separator: " AND ")) ORDER BY ticket \(limit)",
                arguments
            )
        }
    }

    public func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await write { transaction in
            guard let row = try transaction.environment(id),
                let (changed, events) = try transaction.change(row, .revise(to: revision))
            else {
                throw AntidoteError(
                    .notFound,
                    "there is no running environment \(id)",
                    recovery: "Ask for a new one."
                )
            }
            return RevisionChange(environment: changed, events: events)
        }
    }

    @discardableResult
    public func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await write { transaction in
            guard let row = try transaction.environment(id) else { return nil }
            return try transaction.change(row, .remove)?.row ?? row
        }
    }

    public func keepAlive(_ ids: [EnvironmentID]) async throws {
        // Most uses are not worth a write, and so not worth waiting for one.
        let isWorthIt = try await read { transaction in
            try ids.contains { try transaction.environment($0)?.isUseWorthRecording(at: transaction.now) == true }
        }
        guard isWorthIt else { return }
        try await write { transaction in
            for id in ids {
                if let row = try transaction.environment(id) { try transaction.change(row, .use) }
            }
        }
    }

    public func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await write { transaction in
            guard let row = try transaction.environment(id) else { return false }
            return try transaction.change(row, .report(trouble, incarnation: incarnation)) != nil
        }
    }

    public func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await read { transaction in
            var known: [EnvironmentID: Environment] = [:]
            for id in ids { known[id] = try transaction.environment(id) }
            return known
        }
    }
}

extension SQLiteTransaction {
    /// Throws what the core says of one environment more. Nothing is counted that has no limit.
    fileprivate func checkLimits(of owner: OwnerID, address: String?) throws {
        var ofOwner = 0
        if let limit = limits.perOwner {
            ofOwner =
                try value(
                    """
                    SELECT count(*) FROM (
                        SELECT 1 FROM antidote_environments INDEXED BY antidote_environments_shared
                        WHERE owner = ? AND is_shared LIMIT ?
                    )
                    """,
                    [owner.rawValue, limit]
                ) ?? 0
        }
        var ofAddress = 0
        if let address, let limit = limits.perAddress {
            ofAddress =
                try value(
                    """
                    SELECT count(*) FROM (
                        SELECT 1 FROM antidote_environments WHERE address = ? AND is_shared LIMIT ?
                    )
                    """,
                    [address, limit]
                ) ?? 0
        }
        try limits.check(ofOwner: ofOwner, ofAddress: ofAddress, waiting: try count(.queue))
    }
}
#endif

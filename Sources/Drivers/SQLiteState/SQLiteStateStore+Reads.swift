#if SQLite
@_spi(StoreKit) public import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStateStore {
    public func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        guard !ids.isEmpty else { return Dated([:], at: time.now()) }
        return try await read { transaction in
            var found: [EnvironmentID: Environment] = [:]
            for id in ids { found[id] = try transaction.environment(id) }
            return Dated(found, at: transaction.now)
        }
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
        let phases = Phase.allCases.filter { filter.phases?.contains($0) ?? $0.isOpen }
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

    public func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await read { transaction in
            var earliest: Timestamp?
            for backend in backends {
                if role == .scheduler, try transaction.canGrant(on: backend) { return .zero }
                guard let moment = try transaction.earliestDue(for: role, on: backend) else { continue }
                earliest = min(earliest ?? moment, moment)
            }
            return earliest.map { max(.zero, $0 - transaction.now) }
        }
    }

    public func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        try await read { transaction in
            let sessions =
                switch query {
                case .id(let id): try transaction.sessions("id = ?", [id.rawValue])
                case .token(let digest): try transaction.sessions("token = ?", [Data(digest.bytes)])
                case .live(let limit):
                    try transaction.sessions(
                        "expires_at IS NULL OR expires_at > ? ORDER BY created_at, id LIMIT ?",
                        [transaction.now.microseconds, max(0, limit)]
                    )
                }
            return Dated(sessions, at: transaction.now)
        }
    }

    public func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        switch query {
        case .of(let id, let sequence):
            return try await read {
                try $0.events("environment = ? AND sequence > ? ORDER BY sequence", [id.rawValue, sequence])
            }
        case .unpublished(let limit):
            return try await read { try $0.events("NOT is_published ORDER BY position LIMIT ?", [max(0, limit)]) }
        case .matching(let filter):
            let (condition, arguments) = Self.condition(of: filter)
            return try await read { try $0.events(condition, arguments) }
        }
    }

    private static func condition(of filter: EventFilter) -> (String, StatementArguments) {
        var conditions = ["true"]
        var arguments = StatementArguments()
        if let environment = filter.environment {
            conditions.append("environment = ?")
            arguments += [environment.rawValue]
        }
        if let owner = filter.owner {
            conditions.append("owner = ?")
            arguments += [owner.rawValue]
        }
        if let after = filter.after {
            conditions.append("(time, environment, sequence) > (?, ?, ?)")
            arguments += [after.time.microseconds, after.environment.rawValue, after.sequence]
        }
        arguments += [max(0, filter.limit)]
        return ("\(conditions.joined(separator: " AND ")) ORDER BY time, environment, sequence LIMIT ?", arguments)
    }
}
#endif

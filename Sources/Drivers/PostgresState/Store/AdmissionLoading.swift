@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// What several admissions in one transaction have to know, each about its own limits.
///
/// Requests of different owners and addresses never wait for each other, unless the queue is nearly full, or has few
/// places: what is locked are names, not rows.
struct AdmissionLoading {
    private let requests: [AdmissionRequest]
    private let limits: AdmissionLimits

    /// How many requests share a transaction at most.
    static let largest = 128
    /// How many more transactions, each of the largest, may admit at the same moment: while there is room for all of them
    /// the queue needs no lock to be counted. Two are on their way in each process.
    private static let others = 15

    /// Admits: all requests in one transaction.
    static func perform(
        _ decisions: [Decision],
        limits: AdmissionLimits,
        in pool: PostgresPool,
        _ empty: @Sendable (Timestamp) -> LoadedSet
    ) async throws -> [Result<Void, any Error>] {
        let loading = AdmissionLoading(requests: decisions.compactMap(\.request), limits: limits)
        let questions = loading.questions
        return try await pool.transaction { transaction in
            let answers = try transaction.run(questions.map(\.statement))
            guard let now = try answers.last?.time() else { throw PostgresError.lost }
            var loaded = empty(now)
            for (question, rows) in zip(questions, answers) { try question.load(&loaded, rows) }
            let results = decisions.map { decision in Result { try decision.decide(&loaded.set) } }
            try transaction.finish(loaded.statements())
            return results
        }
    }

    /// One of the statements of the first round trip, and how its answer is taken in.
    private struct Question {
        var statement: PostgresStatement
        var load: @Sendable (inout LoadedSet, PostgresRows) throws -> Void = { _, _ in }
    }

    /// Locks first: each statement sees what was committed before it began. The store's time comes last.
    private var questions: [Question] {
        let owners = PostgresValue.texts(Set(requests.map(\.owner.rawValue)).sorted())
        var asked = [Question(statement: SQL.lockAll(owners, .integer(Schema.Lock.owners)))]
        if limits.perAddress != nil {
            asked.append(Question(statement: Self.lockAddresses(owners, .integer(Schema.Lock.addresses))))
        }
        if let limit = limits.queueLength {
            let near = max(0, limit - (Self.others + 1) * Self.largest)
            asked.append(Question(statement: Self.lockQueue(.integer(near), .integer(Schema.Lock.queue))))
        }
        asked.append(Question(statement: Self.selectSessions(owners)) { try $0.loadSessions($1) })
        asked.append(
            Question(statement: Self.selectShared(owners)) { loaded, rows in
                try loaded.load(rows)
                for row in rows {
                    loaded.set.environmentsOfOwner[OwnerID(unchecked: try row.text(1)), default: 0] += 1
                }
            }
        )
        if limits.perAddress != nil {
            asked.append(
                Question(statement: Self.countOfAddresses(owners)) { loaded, rows in
                    for row in rows {
                        loaded.set.environmentsOfAddress[try row.text(0)] = Int(try row.integer(1))
                    }
                }
            )
        }
        if let limit = limits.queueLength {
            asked.append(
                Question(statement: Self.countWaiting(.integer(max(0, limit)))) { loaded, rows in
                    loaded.set.queueLength = Int(try rows.first?.integer(0) ?? 0)
                }
            )
        }
        asked.append(
            Question(statement: Self.drawTickets(.integer(requests.count))) { loaded, rows in
                loaded.set.tickets = try rows.map { try $0.integer(0) }[...]
            }
        )
        asked.append(Question(statement: SQL.clock))
        return asked
    }
}

extension Decision {
    fileprivate var request: AdmissionRequest? { if case .admission(let request) = needs { request } else { nil } }
}

// MARK: - Statements

extension AdmissionLoading {
    private static let lockAddresses = PostgresQuery(
        "lock addresses",
        """
        select pg_advisory_xact_lock(hashtextextended(address, $2)) from (\
        select distinct address from antidote_state_sessions \
        where id = any($1) and address is not null order by address\
        ) addresses
        """
    )

    /// Waits for others only if `$1` places are taken.
    private static let lockQueue = PostgresQuery(
        "lock queue",
        """
        select pg_advisory_xact_lock($2) where $1 <= (\
        select count(*) from (select from \(SQL.environments) where \(SQL.isQueued) limit $1) waiting)
        """
    )

    private static let selectSessions = PostgresQuery(
        "sessions of owners",
        "select \(SessionColumn.selection) from antidote_state_sessions where id = any($1)"
    )

    private static let selectShared = PostgresQuery(
        "shared rows of owners",
        """
        select \(EnvironmentColumn.selection) from \(SQL.environments) \
        where owner = any($1) and \(SQL.isRunning) order by ticket
        """
    )

    private static let countOfAddresses = PostgresQuery(
        "environments of addresses",
        """
        select session.address, count(*) from \(SQL.environments) row \
        join antidote_state_sessions session on session.id = row.owner \
        where session.address in (\
        select address from antidote_state_sessions where id = any($1) and address is not null\
        ) and \(SQL.isRunning) group by session.address
        """
    )

    /// No further than the limit: a long queue is not counted to its end.
    private static let countWaiting = PostgresQuery(
        "count waiting",
        "select count(*) from (select from \(SQL.environments) where \(SQL.isQueued) limit $1) waiting"
    )

    private static let drawTickets = PostgresQuery(
        "draw tickets",
        "select nextval('antidote_state_tickets') from generate_series(1, $1)"
    )
}

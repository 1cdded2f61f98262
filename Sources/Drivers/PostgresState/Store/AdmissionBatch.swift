package import AntidoteCore
package import PostgresClient

/// Admits several requests in one transaction, each by its own limits.
///
/// Requests of different owners and addresses never wait for each other, unless the queue is nearly full, or has few
/// places: what is locked are names, not rows.
package struct AdmissionBatch {
    /// What came of a request, and the store's time.
    package struct Answer: Sendable {
        package var admission: Admission
        var at: Timestamp
    }

    private let requests: [AdmissionRequest]
    private let limits: AdmissionLimits
    private let random: RandomSource
    private let sessions: [OwnerID: LiveSession]
    private let addresses: [OwnerID: String]
    private var workspace: Workspace
    private var shared: [OwnerID: [EnvironmentID]] = [:]
    private var ofAddress: [String: Int] = [:]
    private var waiting = 0
    private var tickets: ArraySlice<Int64>

    package static func perform(
        _ requests: [AdmissionRequest],
        limits: AdmissionLimits,
        random: RandomSource,
        in pool: PostgresPool
    ) async throws -> [Result<Answer, any Error>] {
        try await pool.transaction { transaction in
            let questions = questions(requests, limits)
            let answers = try transaction.run(questions.map(\.statement))
            var found: [Question: PostgresRows] = [:]
            for (question, rows) in zip(questions, answers) { found[question.kind] = rows }
            var batch = try AdmissionBatch(requests, limits: limits, random: random, found: found)
            let results = requests.map { request in
                Result { Answer(admission: try batch.admit(request), at: batch.workspace.now) }
            }
            try transaction.finish(batch.workspace.writer.statements())
            return results
        }
    }

    private mutating func admit(_ request: AdmissionRequest) throws -> Admission {
        let session = sessions[request.owner]
        if request.requiresSession, session?.isLive(at: workspace.now) != true { throw AntidoteError.sessionEnded }
        let own = shared[request.owner, default: []].compactMap { workspace[$0] }
        if let row = own.first(where: { $0.source.isSame(as: request.source) }) {
            return Admission(environment: row, isNew: false, events: [])
        }
        let address = addresses[request.owner]
        try limits.check(
            ofOwner: own.count,
            ofAddress: address.map { ofAddress[$0, default: 0] } ?? 0,
            waiting: waiting
        )
        guard let ticket = tickets.popFirst() else { throw PostgresError.lost }
        let row = Environment(
            admitting: request,
            of: session,
            id: random.environmentID(),
            ticket: ticket,
            now: workspace.now
        )
        workspace.insert(row)
        shared[row.owner, default: []].append(row.id)
        if let address { ofAddress[address, default: 0] += 1 }
        waiting += 1
        guard let (admitted, events) = workspace.update(row.id, { _ in [.admitted] }) else { throw PostgresError.lost }
        return Admission(environment: admitted, isNew: true, events: events)
    }
}

// MARK: - What it has to know

extension AdmissionBatch {
    /// One of the statements of the first round trip.
    fileprivate struct Asked {
        var kind: Question
        var statement: PostgresStatement
    }

    fileprivate enum Question {
        case lockOwners
        case lockAddresses
        case lockQueue
        case sessions
        case rows
        case ofAddresses
        case waiting
        case tickets
        case clock
    }

    private init(
        _ requests: [AdmissionRequest],
        limits: AdmissionLimits,
        random: RandomSource,
        found: [Question: PostgresRows]
    ) throws {
        self.requests = requests
        self.limits = limits
        self.random = random
        guard let clock = found[.clock], let rows = found[.rows] else { throw PostgresError.lost }
        let stored = try rows.map { try StoredEnvironment($0) }
        workspace = Workspace(stored, now: try clock.time())
        for row in stored { shared[row.row.owner, default: []].append(row.row.id) }
        var sessions: [OwnerID: LiveSession] = [:]
        var addresses: [OwnerID: String] = [:]
        guard let owners = found[.sessions], let numbers = found[.tickets] else { throw PostgresError.lost }
        for row in owners {
            let session = try SessionColumn.session(row)
            sessions[session.id] = session
            addresses[session.id] = try row.textIfAny(SessionColumn.addressColumn)
        }
        self.sessions = sessions
        self.addresses = addresses
        if let counts = found[.ofAddresses] {
            for row in counts { ofAddress[try row.text(0)] = Int(try row.integer(1)) }
        }
        if let row = found[.waiting]?.first { waiting = Int(try row.integer(0)) }
        tickets = try numbers.map { try $0.integer(0) }[...]
    }

    /// How many requests a batch has at most.
    static let largest = 128
    /// How many more transactions, each of the largest, may admit at the same moment: while there is room for all of them
    /// the queue needs no lock to be counted. Two are on their way in each process.
    private static let others = 15

    /// Locks first: each statement sees what was committed before it began.
    private static func questions(_ requests: [AdmissionRequest], _ limits: AdmissionLimits) -> [Asked] {
        let owners = PostgresValue.texts(Set(requests.map(\.owner.rawValue)).sorted())
        var asked = [Asked(kind: .lockOwners, statement: SQL.lockAll(owners, .integer(Schema.Lock.owners)))]
        if limits.perAddress != nil {
            asked.append(
                Asked(kind: .lockAddresses, statement: lockAddresses(owners, .integer(Schema.Lock.addresses)))
            )
        }
        if let limit = limits.queueLength {
            let near = max(0, limit - (others + 1) * largest)
            asked.append(
                Asked(kind: .lockQueue, statement: lockQueue(.integer(near), .integer(Schema.Lock.queue)))
            )
        }
        asked.append(Asked(kind: .sessions, statement: selectSessions(owners)))
        asked.append(Asked(kind: .rows, statement: selectShared(owners)))
        if limits.perAddress != nil {
            asked.append(Asked(kind: .ofAddresses, statement: countOfAddresses(owners)))
        }
        if let limit = limits.queueLength {
            asked.append(Asked(kind: .waiting, statement: countWaiting(.integer(max(0, limit)))))
        }
        asked.append(Asked(kind: .tickets, statement: drawTickets(.integer(requests.count))))
        asked.append(Asked(kind: .clock, statement: SQL.clock))
        return asked
    }

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

/// The sessions of an in-memory store, with what is counted by their addresses.
struct SessionTable {
    private var sessions: [OwnerID: Entry] = [:]
    private var byToken: [TokenDigest: OwnerID] = [:]
    private var byAddress: [String: Set<OwnerID>] = [:]

    private struct Entry {
        var session: LiveSession
        var token: TokenDigest
        var address: String?
        /// What it asked for and can get back by asking again.
        var environments = 0
    }

    subscript(id: OwnerID) -> LiveSession? { sessions[id]?.session }

    /// The address that a session was opened from.
    func address(of id: OwnerID) -> String? { sessions[id]?.address }

    func sessions(_ query: SessionQuery, now: Timestamp) -> [LiveSession] {
        switch query {
        case .id(let id): self[id].map { [$0] } ?? []
        case .token(let digest): byToken[digest].flatMap { self[$0] }.map { [$0] } ?? []
        case .live(let limit):
            Array(
                sessions.values.map(\.session).filter { $0.isLive(at: now) }
                    .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.prefix(limit)
            )
        }
    }

    mutating func insert(_ session: LiveSession, _ request: SessionRequest) {
        sessions[session.id] = Entry(session: session, token: request.tokenDigest, address: request.address)
        byToken[request.tokenDigest] = session.id
        if let address = request.address { byAddress[address, default: []].insert(session.id) }
    }

    mutating func replace(_ session: LiveSession) { sessions[session.id]?.session = session }

    func count(from address: String, at now: Timestamp) -> Int {
        byAddress[address, default: []].count { self[$0]?.isLive(at: now) == true }
    }

    /// What all sessions from the address of `owner` have.
    func environments(beside owner: OwnerID) -> Int {
        guard let address = sessions[owner]?.address else { return 0 }
        return byAddress[address, default: []].reduce(0) { $0 + (sessions[$1]?.environments ?? 0) }
    }

    mutating func hold(_ row: Environment) { sessions[row.owner]?.environments += 1 }

    mutating func release(_ row: Environment) { sessions[row.owner]?.environments -= 1 }

    /// Forgets sessions that were over before `moment` and have nothing any more, at most `limit`. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int) -> Int {
        let over = sessions.values.filter { $0.environments <= 0 && $0.session.expiresAt.map { $0 < moment } ?? false }
            .sorted { $0.session.id < $1.session.id }.prefix(limit)
        for entry in over {
            sessions[entry.session.id] = nil
            byToken[entry.token] = nil
            guard let address = entry.address else { continue }
            byAddress[address]?.remove(entry.session.id)
            if byAddress[address]?.isEmpty == true { byAddress[address] = nil }
        }
        return over.count
    }
}

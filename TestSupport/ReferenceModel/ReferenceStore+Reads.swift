@_spi(StoreKit) package import AntidoteCore

extension ReferenceStore {
    package func environments(_ ids: [EnvironmentID]) async throws -> Dated<[EnvironmentID: Environment]> {
        transaction { state, now in
            var found: [EnvironmentID: Environment] = [:]
            for id in ids { found[id] = state.row(id) }
            return Dated(found, at: now)
        }
    }

    package func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        transaction { state, _ in
            var found = state.rows
            if let owner = filter.owner { found = found.filter { $0.owner == owner } }
            if let backend = filter.backend { found = found.filter { $0.backend == backend } }
            if let phases = filter.phases {
                found = found.filter { phases.contains($0.observed.phase) }
            } else {
                found = found.filter { $0.observed.phase != .closed }
            }
            if let ticket = filter.afterTicket { found = found.filter { $0.ticket > ticket } }
            if let limit = filter.limit { found = Array(found.prefix(max(0, limit))) }
            return found
        }
    }

    package func roster(of backend: BackendID, after ticket: Int64, limit: Int) async throws -> [RosterEntry] {
        transaction { state, _ in
            state.rows.filter { $0.backend == backend && $0.observed.phase != .closed && $0.ticket > ticket }
                .prefix(max(0, limit)).map { row in
                    RosterEntry(
                        id: row.id,
                        ticket: row.ticket,
                        phase: row.observed.phase,
                        incarnation: row.observed.incarnation,
                        destroyedThrough: row.observed.destroyedThrough
                    )
                }
        }
    }

    package func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        transaction { state, now in state.nextDue(for: role, on: backends, at: now) }
    }

    package func sessions(_ query: SessionQuery) async throws -> Dated<[LiveSession]> {
        transaction { state, now in
            let found =
                switch query {
                case .id(let id): state.sessions.filter { $0.session.id == id }
                case .token(let digest): state.sessions.filter { $0.token == digest }
                case .live(let limit):
                    Array(
                        state.sessions.filter { !ReferenceRules.isOver($0.session, at: now) }
                            .sorted { ($0.session.createdAt, $0.session.id) < ($1.session.createdAt, $1.session.id) }
                            .prefix(limit)
                    )
                }
            return Dated(found.map(\.session), at: now)
        }
    }

    package func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        transaction { state, now in state.forget(before: now + (.zero - age), limit: limit) }
    }

    package func checkHealth() async throws {}
}

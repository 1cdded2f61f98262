extension InMemoryStateStore: InstanceStore {
    public func replaceSources(with edition: SourceEdition) async throws {
        try await transaction { state, now in state.sources.replace(with: edition, now: now) }
    }

    public func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await transaction { state, _ in state.sources.edition(query) }
    }

    public func events(matching filter: EventFilter) async throws -> [EnvironmentEvent] {
        try await transaction { state, _ in
            let events = filter.environment.map { state.journal.events(of: $0, after: 0) } ?? state.journal.all
            return Array(
                events.filter { event in
                    (filter.owner ?? event.owner) == event.owner
                        && filter.after.map { $0 < EventPosition(event) } ?? true
                }.sorted { EventPosition($0) < EventPosition($1) }.prefix(filter.limit)
            )
        }
    }

    public func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        try await transaction { state, now in
            let moment = now + (.zero - age)
            let used = Set(
                state.rows.values.lazy.filter { $0.phase != .closed }.map {
                    SourceHistory.Version(kind: $0.source.kind, version: $0.source.version)
                }
            )
            return state.forgetClosed(before: moment, limit: limit)
                + state.sessions.forget(before: moment, limit: limit)
                + state.sources.forget(before: moment, limit: limit) { used.contains($0) }
        }
    }

    public func now() async throws -> Timestamp { try await transaction { _, now in now } }

    public func checkHealth() async throws {}
}

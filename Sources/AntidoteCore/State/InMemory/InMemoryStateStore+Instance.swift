extension InMemoryStateStore: InstanceStore {
    public func replaceCurriculum(with edition: CurriculumEdition) async throws {
        try await transaction { state, now in state.lessons.replace(with: edition, now: now) }
    }

    public func currentCurriculum() async throws -> Curriculum? {
        try await transaction { state, _ in state.lessons.current?.curriculum }
    }

    public func currentEdition(of slug: String) async throws -> LessonEdition {
        try await transaction { state, _ in
            guard let edition = state.lessons.current?.lesson(slug) else {
                let known = state.lessons.current?.curriculum.lessons.keys.sorted() ?? []
                throw AntidoteError.missingLesson(slug, among: known)
            }
            return edition
        }
    }

    public func edition(of slug: String, version: String) async throws -> LessonEdition {
        try await transaction { state, _ in
            guard let edition = state.lessons.edition(of: slug, version: version) else {
                throw AntidoteError.missingLesson(slug, version: version, among: [])
            }
            return edition
        }
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
            let used = Set(state.rows.values.lazy.filter { $0.phase != .closed }.map(\.source.version))
            return state.forgetClosed(before: moment, limit: limit)
                + state.sessions.forget(before: moment, limit: limit)
                + state.lessons.forget(before: moment, limit: limit) { used.contains($0) }
        }
    }

    public func checkHealth() async throws {}
}

import AntidoteCore
import Synchronization

/// Keeps the curriculum in memory, so that not every request reads it from the store.
///
/// A shared world: a final class over a `Mutex`.
final class CurriculumCache: Sendable {
    private static let keptEditions = 256

    private let load: @Sendable () async throws -> Curriculum?
    private let loadEdition: @Sendable (EnvironmentSource) async throws -> LessonEdition
    private let age: Duration
    private let time: TimeSource
    private let state = Mutex(State())

    private struct State {
        var current: (curriculum: Curriculum?, since: Duration)?
        var isLoading = false
        /// Of lessons that are not in the current curriculum any more, without their files.
        var editions: [EnvironmentSource: LessonEdition] = [:]
    }

    init(
        age: Duration,
        time: TimeSource,
        load: @escaping @Sendable () async throws -> Curriculum?,
        loadEdition: @escaping @Sendable (EnvironmentSource) async throws -> LessonEdition
    ) {
        self.age = age
        self.time = time
        self.load = load
        self.loadEdition = loadEdition
    }

    /// The curriculum, at most `age` old; `nil` before the first import.
    func current() async throws -> Curriculum? {
        let now = time.uptime()
        let known = state.withLock { state -> (Curriculum?, isFresh: Bool) in
            guard let current = state.current else { return (nil, false) }
            // While one caller looks, the others go on with what is there.
            if now - current.since < age || state.isLoading { return (current.curriculum, true) }
            state.isLoading = true
            return (current.curriculum, false)
        }
        if known.isFresh { return known.0 }
        do {
            let loaded = try await load()
            state.withLock { state in
                state.current = (loaded, time.uptime())
                state.isLoading = false
            }
            return loaded
        } catch {
            let last = state.withLock { state in
                state.isLoading = false
                return state.current
            }
            // Better old lessons than none while the database restarts; whoever asks for one learns of it.
            guard let last else { throw error }
            return last.curriculum
        }
    }

    /// The edition that `source` names, without its files.
    func edition(of source: EnvironmentSource) async throws -> LessonEdition {
        if let curriculum = try await current(), curriculum.version == source.version,
            let edition = CurriculumCache.edition(of: source.name, in: curriculum)
        {
            return edition
        }
        if let known = state.withLock({ $0.editions[source] }) { return known }
        var edition = try await loadEdition(source)
        edition.files = .empty
        state.withLock { [edition] state in
            if state.editions.count >= CurriculumCache.keptEditions { state.editions = [:] }
            state.editions[source] = edition
        }
        return edition
    }

    static func edition(of slug: String, in curriculum: Curriculum) -> LessonEdition? {
        curriculum.lessons[slug].map {
            LessonEdition(lesson: $0, version: curriculum.version, images: curriculum.images, files: .empty)
        }
    }
}

import AntidoteCore
import Synchronization

/// The editions of lessons that were read lately. An edition never changes: another one has another version.
final class EditionCache: Sendable {
    private struct Key: Hashable {
        var slug: String
        var version: String
    }

    /// How many bytes the files of all editions may have together.
    private static let room = 32 * 1024 * 1024
    private static let places = 64

    private let editions = Mutex<[(key: Key, edition: LessonEdition)]>([])

    func edition(of slug: String, version: String) -> LessonEdition? {
        let key = Key(slug: slug, version: version)
        return editions.withLock { editions in
            guard let index = editions.firstIndex(where: { $0.key == key }) else { return nil }
            // Those that are asked for stay.
            let entry = editions.remove(at: index)
            editions.append(entry)
            return entry.edition
        }
    }

    func put(_ edition: LessonEdition) {
        let key = Key(slug: edition.lesson.slug, version: edition.version)
        guard edition.files.size <= Self.room / 2 else { return }
        editions.withLock { editions in
            editions.removeAll { $0.key == key }
            editions.append((key, edition))
            while editions.count > Self.places || editions.reduce(0, { $0 + $1.edition.files.size }) > Self.room {
                editions.removeFirst()
            }
        }
    }
}

@_spi(StoreKit) public import AntidoteCore

/// The lessons that a store keeps: one curriculum is current, and editions that a live lesson still runs are kept.
///
/// Editions that were read lately are kept in memory. Share one value among everything that reads the same store.
public struct StoredLessons: LessonLibrary {
    private let store: any SourceStore
    private let cache = EditionCache()

    /// Reads from and writes to `store`.
    public init(_ store: any SourceStore) { self.store = store }

    /// Makes `edition` the current curriculum, in one transaction: either all of it is stored, or nothing changes.
    public func replaceCurriculum(with edition: CurriculumEdition) async throws {
        try await store.replaceSources(with: try SourceEdition(edition))
    }

    /// The curriculum that is current now; `nil` before the first import.
    public func currentCurriculum() async throws -> Curriculum? {
        try await store.sources(SourceQuery(kind: LessonPlanner.sourceKind)).map { try Curriculum($0) }
    }

    public func currentEdition(of slug: String) async throws -> LessonEdition {
        let document = LessonDocument.name(of: slug)
        let current = try await store.sources(SourceQuery(kind: LessonPlanner.sourceKind, documents: [document]))
        guard let current, current.documents[document] != nil else {
            let all = try await store.sources(SourceQuery(kind: LessonPlanner.sourceKind))
            throw AntidoteError.missingLesson(slug, among: all?.documents.keys.compactMap(LessonDocument.slug) ?? [])
        }
        return try await edition(of: slug, version: current.version)
    }

    public func edition(of slug: String, version: String) async throws -> LessonEdition {
        if let edition = cache.edition(of: slug, version: version) { return edition }
        let query = SourceQuery(
            kind: LessonPlanner.sourceKind,
            version: version,
            documents: [LessonDocument.name(of: slug)],
            files: [slug]
        )
        guard let edition = try await store.sources(query).flatMap({ try LessonEdition(slug, from: $0) }) else {
            throw AntidoteError.missingLesson(slug, version: version, among: [])
        }
        cache.put(edition)
        return edition
    }
}

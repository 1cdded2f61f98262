/// The curricula of an in-memory store: the one that is current, and those that something may still run.
struct LessonShelf {
    private(set) var current: CurriculumEdition?
    private var retired: [(edition: CurriculumEdition, at: Timestamp)] = []

    mutating func replace(with edition: CurriculumEdition, now: Timestamp) {
        guard edition != current else { return }
        if let current { retired.append((current, now)) }
        retired.removeAll { $0.edition == edition }
        current = edition
    }

    func edition(of slug: String, version: String) -> LessonEdition? {
        let editions = [current].compactMap(\.self) + retired.map(\.edition)
        return editions.first { $0.curriculum.version == version }?.lesson(slug)
    }

    /// Forgets what was replaced before `moment` and that nothing runs, at most `limit`. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int, unless isUsed: (String) -> Bool) -> Int {
        let over = retired.filter { $0.at < moment && !isUsed($0.edition.curriculum.version) }.prefix(limit)
        let versions = Set(over.map(\.edition.curriculum.version))
        retired.removeAll { versions.contains($0.edition.curriculum.version) }
        return versions.count
    }
}

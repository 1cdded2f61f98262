import AntidoteCore

extension LiveLessons {
    /// The lessons that this installation shows, by their slugs.
    package func lessons() async throws -> [Lesson] {
        try await curriculum.current().map { visible(in: $0) } ?? []
    }

    /// One lesson as it is now, without its files. Throws `notFound` with the subject `lesson`.
    package func edition(of slug: String) async throws -> LessonEdition {
        guard let current = try await curriculum.current(),
            let edition = CurriculumCache.edition(of: slug, in: current), settings.tier.shows(edition.lesson.tier)
        else {
            let known = try await lessons().map(\.slug)
            var error = AntidoteError.missingLesson(slug, among: known)
            error.subject = "lesson"
            throw error
        }
        return edition
    }

    private func visible(in curriculum: Curriculum) -> [Lesson] {
        curriculum.lessonsInOrder.filter { settings.tier.shows($0.tier) }
    }
}

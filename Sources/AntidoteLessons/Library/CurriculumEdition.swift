public import AntidoteCore

/// A curriculum with the files of its lessons: what is imported.
public struct CurriculumEdition: Sendable, Hashable {
    /// What its `*.meta.yaml` files say. Its version is the edition's: another one whenever any file is another one.
    public let curriculum: Curriculum
    /// By the slug of the lesson: its whole directory.
    public let files: [String: FileSet]

    /// The edition that consists of what was read; a lesson without files has none.
    public init(curriculum: Curriculum, files: [String: FileSet]) {
        var version = DigestBuilder()
        version.add(curriculum.version)
        for (slug, files) in files.sorted(by: { $0.key < $1.key }) {
            version.add(slug)
            version.add(files.digest.description)
        }
        var edition = curriculum
        edition.version = version.finish().description
        self.curriculum = edition
        self.files = files.filter { curriculum.lessons[$0.key] != nil }
    }

    /// What an environment of the lesson `slug` runs; `nil` if there is no such lesson.
    public func lesson(_ slug: String) -> LessonEdition? {
        guard let lesson = curriculum.lessons[slug] else { return nil }
        return LessonEdition(
            lesson: lesson,
            version: curriculum.version,
            images: curriculum.images(of: lesson),
            files: files[slug] ?? .empty
        )
    }
}

extension AntidoteError {
    /// A lesson that a store does not have.
    public static func missingLesson(_ slug: String, version: String? = nil, among known: [String]) -> AntidoteError {
        if let version {
            return AntidoteError(
                .notFound,
                "the edition \(version) of the lesson “\(slug)” is not kept any more",
                recovery: "Ask for the lesson again: a new lab runs the edition that is current now."
            )
        }
        let nearest = NearestWord.to(slug, among: known).map { "Did you mean “\($0)”?" }
        return AntidoteError(
            .notFound,
            "there is no lesson “\(slug.prefix(64))”",
            recovery: nearest
                ?? (known.isEmpty ? "Import a curriculum: antidote import DIRECTORY." : "List the lessons.")
        )
    }
}

import AntidoteCore
public import AntidoteLessons
public import CurriculumFiles

/// Lessons straight from a curriculum's directory: what an author works with.
///
/// The lesson's files are read once, when the edition is first asked for, so that a running lab keeps what it
/// started with.
public struct DirectoryLibrary: LessonLibrary {
    public let read: CurriculumReadResult
    private let editions: [String: LessonEdition]

    /// Reads the curriculum, and the files of the lesson `slug`.
    ///
    /// Throws `notFound` with the nearest name, or `curriculumInvalid` with the problems of the lesson.
    public init(reader: CurriculumReader, lesson slug: String) throws {
        read = reader.read()
        guard let lesson = read.curriculum.lessons[slug] else {
            throw DirectoryLibrary.missing(slug, in: read, directory: reader.directory)
        }
        editions = [
            slug: LessonEdition(
                lesson: lesson,
                version: read.curriculum.version,
                images: read.curriculum.images,
                files: try reader.lessonFiles(for: lesson)
            )
        ]
    }

    public func currentEdition(of slug: String) async throws -> LessonEdition {
        guard let edition = editions[slug] else {
            throw AntidoteError(.notFound, "the lesson “\(slug)” was not read")
        }
        return edition
    }

    public func edition(of slug: String, version: String) async throws -> LessonEdition {
        try await currentEdition(of: slug)
    }

    private static func missing(_ slug: String, in read: CurriculumReadResult, directory: String) -> AntidoteError {
        let known = read.errors(ofLesson: slug)
        // A lesson whose own file cannot tell its slug usually has it from its directory.
        let own = known.isEmpty ? read.problems(under: "lessons/\(slug)") : known
        let general = read.problems.filter { $0.file == "." || $0.file == "curriculum.meta.yaml" }
        let mentions = (own + general).filter { $0.severity == .error }
        if let first = mentions.first {
            let others =
                switch mentions.count {
                case 1: ""
                case 2: ", and one more problem"
                default: ", and \(mentions.count - 1) more problems"
                }
            let file = first.file == "." ? directory : first.file
            return AntidoteError(
                .curriculumInvalid,
                "\(first.message) [\(first.rule.id)]\(others)",
                recovery: "\(first.advice) See everything with: antidote validate \(directory)",
                subject: first.location.map { "\(file):\($0.line):\($0.column)" } ?? file
            )
        }
        let lessons = read.curriculum.lessons.keys.sorted()
        let nearest = NearestWord.to(slug, among: lessons).map { "Did you mean “\($0)”? " } ?? ""
        return AntidoteError(
            .notFound,
            "there is no usable lesson “\(slug)” in \(directory)",
            recovery: lessons.isEmpty
                ? "Name the curriculum's directory with --curriculum."
                : "\(nearest)There are: \(lessons.joined(separator: ", "))."
        )
    }
}

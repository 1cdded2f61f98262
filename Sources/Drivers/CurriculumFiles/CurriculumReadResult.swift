import AntidoteCore
public import AntidoteLessons

/// A curriculum as far as it could be read, and everything that is wrong with it.
public struct CurriculumReadResult: Sendable {
    /// What can be used: a lesson, an image or a collection with an error of its own is left out.
    public var curriculum: Curriculum
    /// Sorted by file and place.
    public var problems: [Problem]

    /// The directories of lessons that are left out, by slug where they have one.
    public var unusableLessons: [String: String]

    public init(curriculum: Curriculum, problems: [Problem], unusableLessons: [String: String] = [:]) {
        self.curriculum = curriculum
        self.problems = problems
        self.unusableLessons = unusableLessons
    }

    public var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The errors for which the lesson `slug` is left out; none where it is not, or where there is no such lesson.
    public func errors(ofLesson slug: String) -> [Problem] {
        guard curriculum.lessons[slug] == nil, let directory = unusableLessons[slug] else { return [] }
        return problems(under: directory).filter { $0.severity == .error }
    }

    /// The problems in the file or directory at `path`, or below it.
    public func problems(under path: String) -> [Problem] {
        problems.filter { $0.file == path || $0.file.hasPrefix(path + "/") }
    }
}

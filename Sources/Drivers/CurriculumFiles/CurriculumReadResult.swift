public import AntidoteCore

/// A curriculum as far as it could be read, and everything that is wrong with it.
public struct CurriculumReadResult: Sendable {
    /// What can be used: a lesson, an image or a collection with an error of its own is left out.
    public var curriculum: Curriculum
    /// Sorted by file and place.
    public var problems: [Problem]

    public init(curriculum: Curriculum, problems: [Problem]) {
        self.curriculum = curriculum
        self.problems = problems
    }

    public var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The problems in the file or directory at `path`, or below it: why a lesson is left out, say.
    public func problems(under path: String) -> [Problem] {
        problems.filter { $0.file == path || $0.file.hasPrefix(path + "/") }
    }
}

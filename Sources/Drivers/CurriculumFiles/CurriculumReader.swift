public import AntidoteCore
public import AntidoteLessons

/// Reads a curriculum from a directory.
///
/// Everything in it is taken for hostile: nothing is waited for, followed out of the directory or read without a limit,
/// and whatever is wrong is a problem among the others rather than the end.
public struct CurriculumReader: Sendable {
    /// As the system takes it: absolute, or relative to where the program was started.
    public let directory: String
    public let limits: CurriculumLimits

    public init(directory: String, limits: CurriculumLimits = CurriculumLimits()) {
        self.directory = directory
        self.limits = limits
    }

    /// The curriculum as far as it can be used, and every problem with it. The calling thread reads files meanwhile.
    public func read() -> CurriculumReadResult {
        let root: CurriculumDirectory
        do {
            root = try CurriculumDirectory(directory)
        } catch {
            let problem = Problem(.curriculumMissing, file: ".", "the directory “\(directory)” \(error.explanation)")
            return CurriculumReadResult(curriculum: Curriculum(), problems: [problem])
        }
        var assembly = CurriculumAssembly(root: root, limits: limits)
        return assembly.read()
    }

    /// The files that are copied into the lab directory of `lesson`.
    ///
    /// - Throws: `curriculumInvalid` when they cannot be read, have changed for the worse since, or are too many.
    public func lessonFiles(for lesson: Lesson) throws -> FileSet {
        let root: CurriculumDirectory
        do {
            root = try CurriculumDirectory(directory)
        } catch {
            throw AntidoteError(
                .curriculumInvalid,
                "the curriculum's directory “\(directory)” \(error.explanation)",
                recovery: "Name the directory that holds “curriculum.meta.yaml”, and allow reading it.",
                cause: error
            )
        }
        return try LessonFiles(root: root, limits: limits, lesson: lesson.directory).files()
    }
}

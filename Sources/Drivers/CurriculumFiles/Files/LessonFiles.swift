import AntidoteCore
import AntidoteLessons

/// Reads all files of one lesson.
struct LessonFiles {
    let root: CurriculumDirectory
    let limits: CurriculumLimits
    /// The lesson's directory, relative to the curriculum's.
    let lesson: String

    func files() throws(AntidoteError) -> FileSet {
        var scanner = TreeScanner(root: root, limits: limits, metaName: "lesson.meta.yaml", keepsFiles: true)
        scanner.scan(lesson)
        if let problem = scanner.problems.first(where: { $0.severity == .error }) {
            throw failure(problem.message, advice: problem.advice)
        }
        guard let scanned = scanner.lessons.first(where: { $0.directory == lesson }) else {
            throw failure("“\(lesson)” holds no lesson", advice: "Validate the curriculum, and import it again.")
        }
        var files: [FileSet.File] = []
        var room = limits.lessonSize
        for (path, file) in scanned.files {
            do throws(FileFault) {
                let bytes = try root.read(file.source, limit: room)
                room -= bytes.count
                files.append(FileSet.File(path: path, mode: file.mode, contents: bytes))
            } catch {
                throw failure("“\(file.path)” \(error.explanation)", advice: error.rule.advice)
            }
        }
        do {
            return try FileSet(files)
        } catch {
            throw AntidoteError.wrapping(error, subject: lesson)
        }
    }

    private func failure(_ message: String, advice: String) -> AntidoteError {
        AntidoteError(.curriculumInvalid, message, recovery: advice, subject: lesson)
    }
}

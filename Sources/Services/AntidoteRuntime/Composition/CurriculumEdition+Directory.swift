import AntidoteCore
public import AntidoteLessons
import CurriculumFiles

extension CurriculumEdition {
    /// Reads a curriculum's directory, with the files of all lessons.
    ///
    /// Throws `curriculumInvalid` if there is any error in it: half a curriculum is never imported.
    public static func read(from directory: String) throws -> CurriculumEdition {
        let reader = CurriculumReader(directory: directory)
        let read = reader.read()
        let errors = read.problems.filter { $0.severity == .error }
        if let first = errors.first {
            let others = errors.count == 1 ? "" : ", and \(errors.count - 1) more"
            throw AntidoteError(
                .curriculumInvalid,
                "\(first.message) [\(first.rule.id)]\(others)",
                recovery: "\(first.advice) See everything with: antidote validate \(directory)",
                subject: first.location.map { "\(first.file):\($0.line):\($0.column)" } ?? first.file
            )
        }
        var files: [String: FileSet] = [:]
        for lesson in read.curriculum.lessonsInOrder { files[lesson.slug] = try reader.lessonFiles(for: lesson) }
        return CurriculumEdition(curriculum: read.curriculum, files: files)
    }
}

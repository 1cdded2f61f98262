/// The stable shape of a report in JSON: keys may be added, none is renamed or removed.
struct JSONReport: Encodable {
    struct Entry: Encodable {
        let severity: String
        let rule: String
        let file: String
        let line: Int?
        let column: Int?
        let message: String
        let advice: String
    }

    let valid: Bool
    let lessons: Int
    let errors: Int
    let warnings: Int
    let problems: [Entry]

    init(_ report: ValidationReport) {
        valid = report.isValid
        lessons = report.lessonCount
        errors = report.errorCount
        warnings = report.warningCount
        problems = report.problems.map { problem in
            Entry(
                severity: problem.severity.rawValue,
                rule: problem.rule.id,
                file: problem.file,
                line: problem.location?.line,
                column: problem.location?.column,
                message: problem.message,
                advice: problem.advice
            )
        }
    }
}

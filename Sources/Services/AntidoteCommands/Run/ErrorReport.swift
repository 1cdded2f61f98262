import AntidoteCore

/// A failure, for people and for programs.
struct ErrorReport {
    let error: AntidoteError

    /// What happened and where, the last output, and what to do.
    var lines: [String] {
        var lines = ["error[\(error.code)]: \(error.subject.map { "\($0): " } ?? "")\(error.message)"]
        if let tail = error.logTail, !tail.isEmpty {
            lines.append("  its last output:")
            lines += tail.split(separator: "\n").suffix(20).map { "    | \($0)" }
        }
        if let advice = error.recovery { lines.append("  \(advice)") }
        return lines
    }

    /// One JSON object. Ends in a line break.
    func json() throws -> String {
        struct Report: Encodable {
            var error: Body
        }
        struct Body: Encodable {
            var code: String
            var message: String
            var place: String?
            var advice: String?
            var logTail: String?
        }
        let body = Body(
            code: error.code.description,
            message: error.message,
            place: error.subject,
            advice: error.recovery,
            logTail: error.logTail
        )
        return try JSONOutput.text(Report(error: body))
    }
}

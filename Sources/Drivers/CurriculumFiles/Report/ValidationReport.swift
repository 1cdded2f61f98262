import AntidoteCore
import AntidoteLessons

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a validation found, for people and for programs.
public struct ValidationReport: Sendable, Hashable {
    /// Sorted by file and place.
    public let problems: [Problem]
    /// How many lessons can be used.
    public let lessonCount: Int

    public init(problems: [Problem], lessonCount: Int) {
        self.problems = problems.sorted()
        self.lessonCount = lessonCount
    }

    public init(_ result: CurriculumReadResult) {
        self.init(problems: result.problems, lessonCount: result.curriculum.lessons.count)
    }

    public var errorCount: Int { problems.count { $0.severity == .error } }
    public var warningCount: Int { problems.count { $0.severity == .warning } }

    /// Whether nothing stops the whole curriculum from being used; warnings do not.
    public var isValid: Bool { !problems.contains { $0.severity == .error } }

    /// One block for each problem, `path:line:column: error[rule-id]: message` with its advice indented below, and a
    /// line that sums up. Ends in a line break.
    public var text: String {
        var text = ""
        for problem in problems {
            text += "\(problem)\n    \(problem.advice)\n"
        }
        return text + summary + "\n"
    }

    /// `12 lessons, 1 error, no warnings`
    public var summary: String {
        [
            ValidationReport.count(lessonCount, "lesson"), ValidationReport.count(errorCount, "error"),
            ValidationReport.count(warningCount, "warning"),
        ].joined(separator: ", ")
    }

    /// The report as one JSON object, documented in `docs/curriculum-rules.md`. Ends in a line break.
    public func json() throws -> String { try encoded(JSONReport(self)) }

    /// The report as a SARIF 2.1.0 log of one run, for code scanning and editors. Ends in a line break.
    ///
    /// - Parameter directory: the curriculum's directory as it is named from the root of the sources, `/` between its
    ///   parts; empty for that root itself. Problems are told relative to that root.
    public func sarif(directory: String = "") throws -> String {
        try encoded(SARIFReport(self, directory: directory))
    }

    private func encoded(_ report: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        switch number {
        case 0: "no \(noun)s"
        case 1: "1 \(noun)"
        default: "\(number) \(noun)s"
        }
    }
}

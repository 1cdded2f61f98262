/// Something that is wrong with a curriculum, where, and how to mend it.
public struct Problem: Sendable, Hashable {
    public var rule: Rule
    /// The file or directory, relative to the curriculum's directory; `.` is that directory itself.
    public var file: String
    /// Where in the file; `nil` when the problem is with the file as a whole.
    public var location: Location?
    /// What is wrong here, in one sentence that holds no control characters.
    public var message: String
    /// How to mend it here.
    public var advice: String

    public var severity: Severity { rule.severity }

    /// `message` and `advice` may quote the curriculum: what could steer a terminal in them is made harmless.
    public init(_ rule: Rule, file: String, location: Location? = nil, _ message: String, advice: String? = nil) {
        self.rule = rule
        self.file = Problem.harmless(file, limit: 1024)
        self.location = location
        self.message = Problem.harmless(message, limit: 2000)
        self.advice = Problem.harmless(advice ?? rule.advice, limit: 2000)
    }

    private static func harmless(_ text: String, limit: Int) -> String {
        var result = String.UnicodeScalarView()
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == limit {
                result.append(contentsOf: "…".unicodeScalars)
                break
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default:
                result.append(scalar)
            }
        }
        return String(result)
    }
}

extension Problem: Comparable {
    /// By file, then by place in it, then by rule.
    public static func < (left: Problem, right: Problem) -> Bool {
        if left.file != right.file { return left.file < right.file }
        let top = Location(line: 0, column: 0)
        let (leftPlace, rightPlace) = (left.location ?? top, right.location ?? top)
        if leftPlace != rightPlace { return leftPlace < rightPlace }
        return (left.rule.id, left.message) < (right.rule.id, right.message)
    }
}

extension Problem: CustomStringConvertible {
    /// `file:line:column: error[rule-id]: message`
    public var description: String {
        let place = location.map { "\(file):\($0.line):\($0.column)" } ?? file
        return "\(place): \(severity.rawValue)[\(rule.id)]: \(message)"
    }
}

/// How bad a problem is.
public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
    /// The subject cannot be used as it is.
    case error
    /// It works, though perhaps not as its author meant.
    case warning
}

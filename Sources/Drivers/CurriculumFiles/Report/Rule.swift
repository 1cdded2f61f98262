/// One thing that is checked: its stable name, how bad it is to break it, and how to mend it.
///
/// The rules are values in one table, ``all``; `docs/curriculum-rules.md` is that table printed.
public struct Rule: Sendable, Hashable, Identifiable {
    /// Words in small letters joined by hyphens. Never changes, so that scripts may rely on it.
    public let id: String
    public let severity: Severity
    /// What breaking the rule means, in a sentence.
    public let summary: String
    /// How to mend it.
    public let advice: String

    static func error(_ id: String, _ summary: String, advice: String) -> Rule {
        Rule(id: id, severity: .error, summary: summary, advice: advice)
    }

    static func warning(_ id: String, _ summary: String, advice: String) -> Rule {
        Rule(id: id, severity: .warning, summary: summary, advice: advice)
    }

    /// Every rule that there is, by topic.
    public static let all: [Rule] = topics.flatMap(\.rules)

    /// The rules with the headings under which they are documented.
    static let topics: [(title: String, rules: [Rule])] = [
        ("Files and directories", fileRules),
        ("YAML", yamlRules),
        ("Collections and images", catalogueRules),
        ("Lessons", lessonRules),
        ("Stages", stageRules),
        ("Endpoints and presentations", endpointRules),
        ("Connections", connectionRules),
    ]
}

/// A value in a YAML file, and where it is. Aliases are followed, tags are not looked at.
struct YAMLNode {
    indirect enum Content {
        /// What is written without quotes may be a number, a truth value or nothing at all.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry {
        var key: Located<String>
        var value: YAMLNode
    }

    var content: Content
    var location: Location

    /// Whether it stands for nothing: `~`, `null`, or no value at all.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, in words for its author.
    var kind: String {
        switch content {
        case .scalar(let text, let isPlain):
            if isNull { "nothing" } else { isPlain ? "“\(text.prefix(60))”" : "the text “\(text.prefix(60))”" }
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

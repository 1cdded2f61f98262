/// Why a text could not be read as YAML.
struct YAMLFault: Error {
    var rule: Rule
    var location: Location?
    var message: String
}

/// What was read of a text, and the keys in it that a later one of the same name replaces.
struct YAMLDocument {
    /// `nil` for a text without any value.
    var root: YAMLNode?
    var replacedKeys: [Located<String>] = []
    /// Whether other documents follow the one that was read.
    var isFollowed = false
}

/// One field of a file: its name, what is to be done where it is missing, what it holds, and what it is for.
///
/// The one declaration from which the field is read, checked and described to editors.
struct Field<Content: FieldContent>: Sendable {
    let name: String
    let need: Need
    let content: Content
    /// What it is for, in sentences for authors.
    let summary: String

    init(_ name: String, _ need: Need, _ content: Content, _ summary: String) {
        self.name = name
        self.need = need
        self.content = content
        self.summary = summary
    }
}

/// What is to be done about a field that is not there.
enum Need: Sendable, Hashable {
    /// Nothing works without it: an error, that of `rule`.
    case required(Rule)
    /// People look for it: a warning.
    case expected
    case optional

    /// Nothing works without it.
    static let required = Need.required(.fieldMissing)

    var isRequired: Bool {
        if case .required = self { true } else { false }
    }
}

/// A field whatever it holds.
protocol DeclaredField: Sendable {
    var name: String { get }
    var need: Need { get }
    var summary: String { get }
    /// What may stand for the field, for editors.
    var schema: JSONValue { get }
    /// The same in words.
    var words: String { get }
    /// The fields of the mapping that it holds, or of those in its list.
    var inner: Shape? { get }
}

extension Field: DeclaredField {
    var schema: JSONValue {
        content.schema(need).merging(["description": .string(summary)])
    }

    var words: String { content.words }
    var inner: Shape? { content.inner }
}

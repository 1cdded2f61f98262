/// The fields of one kind of mapping.
struct Shape: Sendable {
    /// What such a mapping describes, for messages: `a lesson`.
    let subject: String
    let fields: [any DeclaredField]
    /// Lists of which one at least must have an element.
    let alternatives: [String]
    /// Keys that curricula of old have and that mean nothing any more. They are as unknown as any other, except that
    /// editors are not to call a file wrong for them.
    let bygone: [String]
    /// The names of the fields.
    let names: [String]

    init(_ subject: String, _ fields: [any DeclaredField], alternatives: [String] = [], bygone: [String] = []) {
        self.subject = subject
        self.fields = fields
        self.alternatives = alternatives
        self.bygone = bygone
        names = fields.map(\.name)
    }

    /// What such a mapping may be, as JSON Schema has it.
    var schema: JSONValue {
        let properties = fields.map { ($0.name, $0.schema) } + bygone.map { ($0, Shape.bygone) }
        let required = fields.filter(\.need.isRequired).map { JSONValue.string($0.name) }
        let nonEmpty = alternatives.map { name -> JSONValue in
            ["required": [.string(name)], "properties": [name: ["type": "array", "minItems": 1]]]
        }
        return [
            "type": "object", "properties": .object(Dictionary(properties) { first, _ in first }),
            "required": required.isEmpty ? nil : .array(required), "additionalProperties": false,
            "anyOf": nonEmpty.isEmpty ? nil : .array(nonEmpty),
        ]
    }

    private static let bygone: JSONValue = [
        "deprecated": true, "deprecationMessage": "This means nothing any more: remove it.",
        "description": "Means nothing any more.",
    ]
}

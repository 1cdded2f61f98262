/// What a field may hold.
protocol FieldContent: Sendable {
    /// What may stand there, as JSON Schema has it; what may be left out may also be nothing at all.
    func schema(_ need: Need) -> JSONValue
    /// The same in words: `text`.
    var words: String { get }
    /// The fields that are in there.
    var inner: Shape? { get }
}

extension FieldContent {
    var inner: Shape? { nil }
}

/// Any text. A number or a truth value is one too.
struct Text: FieldContent {
    /// What it must look like, unless it may be anything.
    var form: TextForm?

    static let any = Text()

    var words: String { form?.noun ?? "text" }

    func schema(_ need: Need) -> JSONValue {
        guard let form else { return .text(need) }
        // What is not a text to an editor has no pattern: it is let through where one of the kind may stand here.
        let types =
            ["string"] + (form.mayBeNumber ? ["integer"] : []) + (form.mayBeFlag ? ["boolean"] : [])
            + (need.isRequired ? [] : ["null"])
        let pattern = need.isRequired ? form.expression : "^$|\(form.expression)"
        return [
            "type": .array(types.map { .string($0) }), "minimum": form.mayBeNumber ? 0 : nil,
            "pattern": .string(pattern), "patternErrorMessage": .string(form.rule.advice),
        ]
    }
}

/// One of the values of an enumeration.
struct Choice<Value: RawRepresentable & CaseIterable & Sendable>: FieldContent where Value.RawValue == String {
    static var names: [String] { Value.allCases.map(\.rawValue) }

    var words: String { Choice.names.map { "`\($0)`" }.joined(separator: ", ") }

    func schema(_ need: Need) -> JSONValue {
        let names = JSONValue.array(Choice.names.map { .string($0) })
        guard !need.isRequired else { return ["enum": names] }
        return ["anyOf": [["enum": names], ["type": ["string", "null"], "maxLength": 0]]]
    }
}

/// A whole number within bounds.
struct Whole: FieldContent {
    let range: ClosedRange<Int>
    /// What is broken by a number below the range, and by one above it.
    let below: Rule
    let above: Rule

    var words: String { "\(range.lowerBound) to \(range.upperBound)" }

    func schema(_ need: Need) -> JSONValue {
        [
            "type": .types("integer", need), "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ]
    }
}

/// True or false, in the words that YAML has had for them.
struct Flag: FieldContent {
    static let words = ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false]

    var words: String { "`true` or `false`" }

    func schema(_ need: Need) -> JSONValue {
        // Some parsers take all of these words for truth values, others only two: then the rest are texts.
        let words = Flag.words.keys.sorted().map { word in
            word.map { "[\($0.uppercased())\($0)]" }.joined()
        }
        return [
            "type": .array(["boolean", "string"] + (need.isRequired ? [] : ["null"])),
            "pattern": .string("^(?:\(words.joined(separator: "|")))$"),
        ]
    }
}

/// A list of elements of one kind.
struct List<Element: FieldContent>: FieldContent {
    let element: Element
    /// How many are read.
    let limit: Int
    /// What is broken by an element that comes twice, where none may.
    let duplicates: Rule?

    init(of element: Element, limit: Int = 1000, duplicates: Rule? = nil) {
        self.element = element
        self.limit = limit
        self.duplicates = duplicates
    }

    var words: String { "list: \(element.words)" }
    var inner: Shape? { element.inner }

    func schema(_ need: Need) -> JSONValue {
        [
            "type": .types("array", need), "items": element.schema(.required),
            "minItems": need.isRequired ? 1 : nil, "maxItems": .integer(limit),
            "uniqueItems": duplicates == nil ? nil : true,
        ]
    }
}

/// Fields of its own.
struct Group: FieldContent {
    let shape: Shape

    init(_ shape: Shape) { self.shape = shape }

    var words: String { shape.subject }
    var inner: Shape? { shape }

    func schema(_ need: Need) -> JSONValue {
        shape.schema.merging(["type": .types("object", need)])
    }
}

/// Anything: nothing looks at it.
struct Ignored: FieldContent {
    var words: String { "anything" }

    func schema(_ need: Need) -> JSONValue { [:] }
}

extension JSONValue {
    /// The types of a value that has the type `name`, or may be left out.
    fileprivate static func types(_ name: String, _ need: Need) -> JSONValue {
        need.isRequired ? .string(name) : [.string(name), "null"]
    }

    /// What is read as a text.
    fileprivate static func text(_ need: Need) -> JSONValue {
        let types: [JSONValue] = ["string", "number", "boolean"]
        return need.isRequired ? ["type": .array(types), "minLength": 1] : ["type": .array(types + ["null"])]
    }
}

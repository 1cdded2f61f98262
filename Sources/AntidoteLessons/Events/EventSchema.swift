import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What other software may expect on one subject of an instance: a public interface.
///
/// Fields are added in time, and none is taken away or changes its meaning: a reader must not mind those that it does not
/// know. Anybody who may publish on the bus can forge a message, so a reader looks up what matters to it.
public struct EventSchema: Sendable, Hashable {
    /// The type of the event, such as `LiveLessonReady`; `Progress` for what is no event.
    public let name: String
    /// Where it is published, with `<instance>` for the instance's name.
    public let subject: String
    /// The JSON Schema (draft 2020-12) of the payload. Ends in a line break.
    public let schema: String

    /// Every kind of message with a JSON payload. A message on `antidote.<instance>.wake.<service>` has none: its payload
    /// is the id of an environment, or empty.
    public static func all() throws -> [EventSchema] {
        try EnvironmentEvent.Kind.allCases.map(event) + [progress()]
    }

    private static let vocabulary = LessonVocabulary()
    private static let prefix = "antidote.<instance>.\(vocabulary.noun)"

    private static func event(_ kind: EnvironmentEvent.Kind) throws -> EventSchema {
        try EventSchema(
            vocabulary.type(of: kind),
            "\(prefix).\(vocabulary.word(for: kind))",
            "A CloudEvent (1.0, structured mode). It may come more than once, with the same id, and in any order.",
            [
                "specversion": ["const": "1.0"],
                "id": [
                    "type": "string", "pattern": "^[a-z2-7]{16}-[1-9][0-9]*$",
                    "description":
                        "The id of the live lesson, and the event's number: the same whenever it is told again.",
                ],
                "source": ["type": "string", "pattern": "^/antidote/[a-z][a-z0-9-]{0,11}$"],
                "type": ["const": .string(vocabulary.type(of: kind))],
                "subject": environment,
                "time": [
                    "type": "string", "format": "date-time",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$",
                    "description": "When it happened, by the clock of the store.",
                ],
                "datacontenttype": ["const": "application/json"], "data": data(of: kind),
            ]
        )
    }

    private static func data(of kind: EnvironmentEvent.Kind) -> SchemaNode {
        var properties: [String: SchemaNode] = [
            "liveLesson": environment,
            "session": [
                "type": "string", "pattern": "^[!-~]{1,128}$", "description": "Whose it is: the id of a live session.",
            ],
            "lesson": ["type": "string", "minLength": 1, "description": "The lesson's slug."],
            "stage": ["type": "integer", "description": "The stage that was wanted."],
            "sequence": [
                "type": "integer", "minimum": 1,
                "description": "Counts the events of one live lesson without gaps.",
            ],
            "phase": [
                "enum": .array(Phase.allCases.map { .string($0.rawValue) }), "description": "How far it had come.",
            ],
        ]
        let required = properties.keys.sorted()
        if kind == .failed {
            properties["failure"] = [
                "type": "string", "pattern": "^[a-z][A-Za-z]*$",
                "description": .string(
                    "The code of the error that it failed with, such as "
                        + "“\(AntidoteError.Code.imageMissing)” or “\(AntidoteError.Code.jobFailed)”."
                ),
            ]
        }
        return object(properties, required: required)
    }

    private static func progress() throws -> EventSchema {
        func state(_ name: String, _ properties: [String: SchemaNode] = [:], required: [String] = []) -> SchemaNode {
            object([name: object(properties, required: required)], required: [name])
        }
        let count: SchemaNode = ["type": "integer", "minimum": 0]
        let states: [SchemaNode] =
            ["waiting", "starting", "running", "reachable", "configuring", "configured"].map { state($0) } + [
                state("pulling", ["done": count, "total": count], required: ["done"]),
                state("restarting", ["reason": ["type": "string"]], required: ["reason"]),
            ]
        return try EventSchema(
            "Progress",
            "\(prefix).progress",
            "How far the machines of one live lesson are: the latest values, at most twice a second, never stored.",
            [
                "environment": environment,
                "endpoints": [
                    "type": "object", "additionalProperties": ["anyOf": .array(states)],
                    "description": "Each machine by its name. “pulling” counts bytes.",
                ],
                "note": ["type": "string", "description": "The last sentence for people."],
            ],
            required: ["endpoints", "environment"]
        )
    }

    private static let environment: SchemaNode = [
        "type": "string", "pattern": "^[a-z2-7]{16}$", "description": "The id of the live lesson.",
    ]

    private static func object(_ properties: [String: SchemaNode], required: [String]) -> SchemaNode {
        [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map(SchemaNode.string)),
        ]
    }

    private init(
        _ name: String,
        _ subject: String,
        _ description: String,
        _ properties: [String: SchemaNode],
        required: [String]? = nil
    ) throws {
        self.name = name
        self.subject = subject
        let shape = Self.object(properties, required: required ?? properties.keys.sorted())
        let head: [String: SchemaNode] = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string("Antidote: \(name)"),
            "description": .string("\(description) Published on \(subject)."),
        ]
        schema = try shape.merging(head).text() + "\n"
    }
}

/// A value of a JSON Schema, written down as a literal.
private indirect enum SchemaNode: Sendable, Encodable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByDictionaryLiteral
{
    case string(String)
    case integer(Int)
    case array([SchemaNode])
    case object([String: SchemaNode])

    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(dictionaryLiteral elements: (String, SchemaNode)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    func merging(_ other: [String: SchemaNode]) -> SchemaNode {
        if case .object(let own) = self { .object(own.merging(other) { _, new in new }) } else { self }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .array(let elements): try container.encode(elements)
        case .object(let object): try container.encode(object)
        }
    }
}

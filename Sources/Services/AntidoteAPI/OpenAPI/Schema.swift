/// The shapes that bodies have, by the names that the OpenAPI document knows them by.
enum Schema: String, Sendable, Hashable, CaseIterable {
    case newSession = "NewSession"
    case session = "Session"
    case nothing = "Nothing"
    case lesson = "Lesson"
    case lessonList = "LessonList"
    case liveLessonRequest = "LiveLessonRequest"
    case liveLessonChange = "LiveLessonChange"
    case liveLesson = "LiveLesson"
    case liveLessonList = "LiveLessonList"
    case failure = "Failure"
    case health = "Health"
    case check = "Check"
    case problem = "Problem"
    case anything = "Anything"

    /// How another schema means this one.
    var reference: JSONValue { ["$ref": .string("#/components/schemas/\(rawValue)")] }

    /// An object of exactly these members, all of them needed but those that are named.
    static func object(_ properties: [(String, JSONValue)], optional: Set<String> = []) -> JSONValue {
        [
            "type": "object",
            "properties": .object(properties.map { JSONValue.Member(key: $0.0, value: $0.1) }),
            "required": JSONValue(properties.map(\.0).filter { !optional.contains($0) }),
            "additionalProperties": false,
        ]
    }

    static func array(of items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    static func text(_ description: String) -> JSONValue { ["type": "string", "description": .string(description)] }

    static func choice(_ values: [String]) -> JSONValue { ["type": "string", "enum": JSONValue(values)] }

    static func number(_ description: String, least: Int64 = 0) -> JSONValue {
        ["type": "integer", "minimum": .integer(least), "description": .string(description)]
    }

    static func moment(_ description: String) -> JSONValue {
        ["type": "string", "format": "date-time", "description": .string(description)]
    }
}

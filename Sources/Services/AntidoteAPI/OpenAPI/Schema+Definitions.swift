import AntidoteCore
import AntidoteLessons

extension Schema {
    /// The JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it).
    var definition: JSONValue {
        switch self {
        case .newSession:
            Schema.object(
                [
                    ("id", Schema.identifier),
                    ("token", Schema.text("Proves who asks. It is told this once, and kept nowhere.")),
                    ("expiresAt", Schema.moment("When the session is over; absent: never.")),
                ],
                optional: ["expiresAt"]
            )
        case .session:
            Schema.object(
                [
                    ("id", Schema.identifier),
                    ("createdAt", Schema.moment("When it was opened.")),
                    ("expiresAt", Schema.moment("When it is over; absent: never.")),
                    ("isPersistent", ["type": "boolean", "description": "Whether it is exempt from every expiry."]),
                ],
                optional: ["expiresAt"]
            )
        case .nothing: Schema.object([])
        case .lesson: Schema.lessonDefinition
        case .lessonList: Schema.page("lessons", of: .lesson)
        case .liveLessonRequest:
            Schema.object(
                [
                    ("lesson", ["type": "string", "minLength": 1, "maxLength": 256, "description": "Its slug."]),
                    ("stage", Schema.number("The stage to begin with.")),
                ],
                optional: ["stage"]
            )
        case .liveLessonChange: Schema.object([("stage", Schema.number("The stage that is wanted."))])
        case .liveLesson: Schema.liveLessonDefinition
        case .liveLessonList: Schema.page("liveLessons", of: .liveLesson)
        case .failure:
            Schema.object(
                [
                    ("code", Schema.choice(AntidoteError.Code.all.map(\.description))),
                    ("message", Schema.text("What happened.")),
                    ("advice", Schema.text("What can be done.")),
                    ("place", Schema.text("The endpoint, job or image that it happened to.")),
                    ("logTail", Schema.text("The last output of what failed.")),
                    ("at", Schema.moment("When it failed.")),
                ],
                optional: ["advice", "place", "logTail"]
            )
        case .health:
            Schema.object([
                ("status", Schema.choice(["alive", "ready"])), ("checks", Schema.array(of: Schema.check.reference)),
            ])
        case .check:
            Schema.object(
                [
                    ("name", Schema.text("What was looked at.")), ("isHealthy", ["type": "boolean"]),
                    ("code", Schema.text("The stable code of what is wrong.")),
                    ("reason", Schema.text("What is wrong.")),
                ],
                optional: ["code", "reason"]
            )
        case .problem: Schema.problemDefinition
        case .anything: ["type": "object"]
        }
    }

    private static let identifier: JSONValue = ["type": "string", "minLength": 1, "maxLength": 128]

    private static func page(_ name: String, of schema: Schema) -> JSONValue {
        object(
            [
                (name, array(of: schema.reference)),
                ("next", text("What to send as `after` for the next page; absent on the last one.")),
            ],
            optional: ["next"]
        )
    }

    private static var lessonDefinition: JSONValue {
        let author = object([("name", text("")), ("link", text("Where more is said of them."))], optional: ["link"])
        let stage = object(
            [
                ("number", number("What it is asked for by.")), ("description", text("What it is about.")),
                ("guide", choice(Guide.Kind.allCases.map(\.rawValue))), ("video", text("Where its video is.")),
                ("objectives", array(of: text("What may be achieved."))),
            ],
            optional: ["video"]
        )
        let presentation = object([
            ("name", text("Unique in its endpoint.")), ("kind", choice(Presentation.Kind.allCases.map(\.rawValue))),
        ])
        return object(
            [
                ("slug", text("What it is asked for by.")), ("name", text("Its title.")), ("description", text("")),
                ("shortDescription", text("")), ("category", choice(Lesson.Category.allCases.map(\.rawValue))),
                ("tier", choice(Tier.allCases.map(\.rawValue))), ("collection", text("The slug of its collection.")),
                ("diagram", text("Where its diagram is.")), ("video", text("Where its video is.")),
                ("prerequisites", array(of: text("The slug of a lesson to take before."))),
                ("tags", array(of: text(""))), ("authors", array(of: author)), ("stages", array(of: stage)),
                (
                    "endpoints",
                    array(of: object([("name", text("Its host name.")), ("presentations", array(of: presentation))]))
                ),
                ("connections", array(of: object([("a", text("An endpoint.")), ("b", text("Another one."))]))),
            ],
            optional: ["collection", "diagram", "video"]
        )
    }

    private static var liveLessonDefinition: JSONValue {
        let address = object([
            ("host", text("A name or an address.")),
            ("port", ["type": "integer", "minimum": 1, "maximum": 65535]),
        ])
        let presentation = object(
            [
                ("name", text("Unique in its endpoint.")), ("kind", choice(Presentation.Kind.allCases.map(\.rawValue))),
                ("address", address), ("user", text("Whom to log in as.")),
            ],
            optional: ["address", "user"]
        )
        let endpoint = object([
            ("name", text("Its host name.")), ("restarts", number("How often it was replaced.")),
            ("presentations", array(of: presentation)),
        ])
        let phases = Phase.allCases.filter { $0 != .closed }.map(\.rawValue)
        return object(
            [
                ("id", ["type": "string", "pattern": "^[a-z2-7]{16}$"]), ("lesson", text("The slug of its lesson.")),
                ("phase", choice(phases)), ("phaseSince", moment("When it came to that phase.")),
                ("stage", number("The stage that it is at; absent until it is there.")),
                ("wantedStage", number("The stage that was asked for last.")),
                ("generation", number("Counts the changes of what is wanted.", least: 1)),
                ("createdAt", moment("When it was asked for.")),
                ("queuedSince", moment("Since when it waits for room; absent where it does not.")),
                ("expiresAt", moment("When it is taken away unless it is used; absent: never.")),
                ("endpoints", array(of: endpoint)), ("failure", Schema.failure.reference),
            ],
            optional: ["stage", "queuedSince", "expiresAt", "failure"]
        )
    }

    private static var problemDefinition: JSONValue {
        let codes = Set(AntidoteError.Code.all.map(\.description) + APIProblem.Code.allCases.map(\.rawValue))
        return object(
            [
                ("type", text("`urn:antidote:problem:` and the code.")), ("title", text("What the status is called.")),
                ("status", ["type": "integer", "minimum": 400, "maximum": 599]), ("detail", text("What happened.")),
                ("code", choice(codes.sorted())), ("advice", text("What can be done.")),
                ("place", text("What it is about, such as a field.")),
                ("checks", array(of: Schema.check.reference)),
                ("requestId", text("What the operator finds the request by.")),
            ],
            optional: ["advice", "place", "checks"]
        )
    }
}

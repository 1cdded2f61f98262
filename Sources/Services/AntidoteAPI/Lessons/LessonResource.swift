import AntidoteCore
import AntidoteLessons

/// A lesson as everybody may see it: neither its configurations, nor the scripts of its objectives, nor any login.
enum LessonResource {
    static func whole(_ lesson: Lesson) -> JSONValue {
        [
            "slug": .string(lesson.slug),
            "name": .string(lesson.name),
            "description": .string(lesson.description),
            "shortDescription": .string(lesson.shortDescription),
            "category": .string(lesson.category.rawValue),
            "tier": .string(lesson.tier.rawValue),
            "collection": JSONValue(lesson.collection),
            "diagram": JSONValue(lesson.diagram),
            "video": JSONValue(lesson.video),
            "prerequisites": JSONValue(lesson.prereqs),
            "tags": JSONValue(lesson.tags),
            "authors": .array(lesson.authors.map(author)),
            "stages": .array(lesson.stages.enumerated().map(stage)),
            "endpoints": .array(lesson.endpoints.map(endpoint)),
            "connections": .array(lesson.connections.map { ["a": .string($0.a), "b": .string($0.b)] }),
        ]
    }

    private static func author(_ author: Author) -> JSONValue {
        ["name": .string(author.name), "link": author.link.isEmpty ? nil : .string(author.link)]
    }

    private static func stage(_ number: Int, _ stage: LessonStage) -> JSONValue {
        [
            "number": .integer(Int64(number)),
            "description": .string(stage.description),
            "guide": .string(stage.guide.kind.rawValue),
            "video": JSONValue(stage.video),
            "objectives": JSONValue(stage.objectives.map(\.text)),
        ]
    }

    private static func endpoint(_ endpoint: LessonEndpoint) -> JSONValue {
        [
            "name": .string(endpoint.name),
            "presentations": .array(
                endpoint.presentations.map { ["name": .string($0.name), "kind": .string($0.kind.rawValue)] }
            ),
        ]
    }
}

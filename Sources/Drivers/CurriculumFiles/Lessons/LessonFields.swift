import AntidoteCore
import AntidoteLessons

/// What a `lesson.meta.yaml` says.
enum LessonFields {
    static let slug = Field(
        "slug",
        .required,
        Text(form: .name(.label, "a lesson's slug", .lessonSlugInvalid)),
        "The lesson's name in addresses, unique in the curriculum."
    )
    static let name = Field("name", .required, Text.any, "The lesson's name for people.")
    static let description = Field("description", .expected, Text.any, "What the lesson teaches, in a few sentences.")
    static let shortDescription = Field("shortDescription", .expected, Text.any, "The lesson in a few words.")
    static let category = Field(
        "category",
        .required,
        Choice<Lesson.Category>(),
        "What the lesson is about, in the broadest terms."
    )
    static let tier = Field(
        "tier",
        .required,
        Choice<Tier>(),
        "Who sees the lesson: everybody (prod), those who try out what is to come (ptr), or its author (local)."
    )
    static let collection = Field(
        "collection",
        .optional,
        Text.any,
        "The slug of the collection that the lesson belongs to."
    )
    static let diagram = Field("diagram", .optional, Text.any, "The address of a diagram.")
    static let video = Field("video", .optional, Text.any, "The address of a video.")
    static let prereqs = Field(
        "prereqs",
        .optional,
        List(of: Text.any),
        "The slugs of the lessons to take before this one."
    )
    static let tags = Field("tags", .optional, List(of: Text.any), "Words to find the lesson by.")
    static let authors = Field("authors", .optional, List(of: Group(AuthorFields.shape)), "Who wrote the lesson.")
    static let stages = Field(
        "stages",
        .required,
        List(of: Group(StageFields.shape), limit: 128),
        "The steps of the lesson in order. A stage's number is its place here, from 0; its files are in stageN/."
    )
    static let endpoints = Field(
        "endpoints",
        .required,
        List(of: Group(EndpointFields.shape), limit: 128),
        "The machines of the lesson."
    )
    static let connections = Field(
        "connections",
        .optional,
        List(of: Group(ConnectionFields.shape)),
        "The links between machines."
    )
    /// A lab that is not ready after the longest delay is given up anyway.
    static let readyDelay = Field(
        "readyDelay",
        .optional,
        Whole(range: 0...600, below: .readyDelayNegative, above: .readyDelayLong),
        "Seconds to wait after configuration before the lesson is ready."
    )

    static let shape = Shape(
        "a lesson",
        [
            slug, name, description, shortDescription, category, tier, collection, diagram, video, prereqs, tags,
            authors, stages, endpoints, connections, readyDelay,
        ],
        bygone: ["lessonId"]
    )
}

enum AuthorFields {
    static let name = Field("name", .expected, Text.any, "The author's name.")
    static let link = Field("link", .optional, Text.any, "An address where there is more about the author.")

    static let shape = Shape("an author", [name, link])
}

enum ConnectionFields {
    static let a = Field("a", .required, Text.any, "The name of the endpoint at one end.")
    static let b = Field("b", .required, Text.any, "The name of the endpoint at the other end.")
    static let subnet = Field(
        "subnet",
        .optional,
        Text(form: .subnet),
        "The IPv4 addresses of the link, as in 10.1.0.0/24. Without it a free range is taken."
    )

    static let shape = Shape("a connection", [a, b, subnet])
}

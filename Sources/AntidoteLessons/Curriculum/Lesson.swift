/// A lesson as its author wrote it: machines, links between them, and stages that the learner goes through.
public struct Lesson: Sendable, Hashable, Codable {
    /// What a lesson is about, in the broadest terms.
    public enum Category: String, Sendable, Hashable, Codable, CaseIterable {
        /// What everything else rests on.
        case fundamentals
        /// One tool, and what it is good for.
        case tools
        /// How tools work together.
        case workflows
    }

    /// The name of the lesson in addresses; unique in the curriculum.
    public var slug: String
    /// The lesson's name for people.
    public var name: String
    /// What it teaches, in a few sentences.
    public var description: String
    /// The lesson in a few words.
    public var shortDescription: String
    /// What it is about, in the broadest terms.
    public var category: Category
    /// Who sees it.
    public var tier: Tier
    /// The slug of the collection that the lesson belongs to.
    public var collection: String?
    /// The address of a diagram.
    public var diagram: String?
    /// The address of a video.
    public var video: String?
    /// The slugs of the lessons to take before this one.
    public var prereqs: [String]
    /// Words to find it by.
    public var tags: [String]
    /// Who wrote it.
    public var authors: [Author]
    /// At least one; a stage's number is its place here.
    public var stages: [LessonStage]
    /// At least one; their names are unique in the lesson.
    public var endpoints: [LessonEndpoint]
    /// The links between its machines.
    public var connections: [LessonConnection]
    /// How long to wait after configuration before the lesson is ready.
    public var readyDelay: Duration
    /// The lesson's directory, relative to the curriculum's, with `/` between its parts.
    public var directory: String

    public init(
        slug: String,
        name: String,
        description: String = "",
        shortDescription: String = "",
        category: Category = .fundamentals,
        tier: Tier = .prod,
        collection: String? = nil,
        diagram: String? = nil,
        video: String? = nil,
        prereqs: [String] = [],
        tags: [String] = [],
        authors: [Author] = [],
        stages: [LessonStage],
        endpoints: [LessonEndpoint],
        connections: [LessonConnection] = [],
        readyDelay: Duration = .zero,
        directory: String = ""
    ) {
        self.slug = slug
        self.name = name
        self.description = description
        self.shortDescription = shortDescription
        self.category = category
        self.tier = tier
        self.collection = collection
        self.diagram = diagram
        self.video = video
        self.prereqs = prereqs
        self.tags = tags
        self.authors = authors
        self.stages = stages
        self.endpoints = endpoints
        self.connections = connections
        self.readyDelay = readyDelay
        self.directory = directory
    }

    /// The endpoint of that name.
    public func endpoint(named name: String) -> LessonEndpoint? { endpoints.first { $0.name == name } }
}

/// An author of a lesson.
public struct Author: Sendable, Hashable, Codable {
    /// As it is to be shown.
    public var name: String
    /// A web address with more about the author.
    public var link: String

    public init(name: String, link: String = "") {
        self.name = name
        self.link = link
    }
}

/// Who sees a lesson or a collection. It is only stored: what shows lessons filters by it.
public enum Tier: String, Sendable, Hashable, Codable, CaseIterable {
    /// Everybody.
    case prod
    /// Those who try out what is to come.
    case ptr
    /// Its author alone.
    case local
}

public import AntidoteCore

/// Where lessons come from: a directory, or the state store after an import.
public protocol LessonLibrary: Sendable {
    /// The edition of a lesson that is current now.
    ///
    /// Throws `notFound`, or `curriculumInvalid` for a lesson that is there but cannot be used.
    func currentEdition(of slug: String) async throws -> LessonEdition

    /// The edition that an environment was started with.
    func edition(of slug: String, version: String) async throws -> LessonEdition
}

/// One version of a lesson, with everything that it needs to run.
public struct LessonEdition: Sendable, Hashable {
    /// The lesson as its author wrote it.
    public var lesson: Lesson
    /// The version of the curriculum that it was read from.
    public var version: String
    /// By slug; at least those that the lesson's endpoints name.
    public var images: [String: ImageDefinition]
    /// The lesson's whole directory.
    public var files: FileSet

    public init(lesson: Lesson, version: String, images: [String: ImageDefinition], files: FileSet) {
        self.lesson = lesson
        self.version = version
        self.images = images
        self.files = files
    }

    /// What an environment that runs this edition is made from.
    public var source: EnvironmentSource {
        EnvironmentSource(kind: LessonPlanner.sourceKind, name: lesson.slug, version: version)
    }

    /// The image of `endpoint`; throws `curriculumInvalid` if there is none.
    public func image(of endpoint: LessonEndpoint) throws -> ImageDefinition {
        guard let image = images[endpoint.image] else {
            throw AntidoteError(
                .curriculumInvalid,
                "its image “\(endpoint.image)” is not in the curriculum",
                recovery: "Add images/\(endpoint.image)/image.meta.yaml, or correct the name.",
                subject: endpoint.name
            )
        }
        return image
    }
}

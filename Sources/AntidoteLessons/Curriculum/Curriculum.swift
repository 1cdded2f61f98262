/// Everything that authors wrote: lessons, the collections that they belong to and the images that they use.
///
/// A curriculum holds what its `*.meta.yaml` files say. The other files of a lesson (guides, scripts, whatever its
/// author put beside them) are named by path and read when they are needed.
public struct Curriculum: Sendable, Hashable, Codable {
    /// What the curriculum says about itself.
    public var info: CurriculumInfo
    /// Changes whenever the meta data of the curriculum, or the list of its files, changes.
    public var version: String
    /// Collections by slug.
    public var collections: [String: LessonCollection]
    /// Images by slug.
    public var images: [String: ImageDefinition]
    /// Lessons by slug.
    public var lessons: [String: Lesson]

    public init(
        info: CurriculumInfo = CurriculumInfo(),
        version: String = "",
        collections: [String: LessonCollection] = [:],
        images: [String: ImageDefinition] = [:],
        lessons: [String: Lesson] = [:]
    ) {
        self.info = info
        self.version = version
        self.collections = collections
        self.images = images
        self.lessons = lessons
    }

    /// The lessons in the order of their slugs.
    public var lessonsInOrder: [Lesson] { lessons.values.sorted { $0.slug < $1.slug } }

    /// The images that the endpoints of `lesson` name, as far as there are any.
    func images(of lesson: Lesson) -> [String: ImageDefinition] {
        images.filter { image in lesson.endpoints.contains { $0.image == image.key } }
    }
}

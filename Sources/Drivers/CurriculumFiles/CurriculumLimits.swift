/// How much of a curriculum is read before it is refused as hostile or mistaken.
public struct CurriculumLimits: Sendable, Hashable {
    /// Bytes of one `*.meta.yaml` file.
    public var metaFileSize: Int
    /// Values in one `*.meta.yaml` file, after its aliases are followed.
    public var yamlNodes: Int
    /// Bytes of one guide.
    public var guideSize: Int
    /// Bytes of all files of one lesson.
    public var lessonSize: Int
    /// Files and directories of one lesson.
    public var lessonFiles: Int
    /// Directories one in another, counted from the curriculum's own.
    public var depth: Int
    /// Files and directories of the whole curriculum.
    public var curriculumFiles: Int
    /// Problems that are reported; the rest is left out.
    public var problems: Int

    public init(
        metaFileSize: Int = 1 << 20,
        yamlNodes: Int = 100_000,
        guideSize: Int = 8 << 20,
        lessonSize: Int = 64 << 20,
        lessonFiles: Int = 4096,
        depth: Int = 16,
        curriculumFiles: Int = 1_000_000,
        problems: Int = 10_000
    ) {
        self.metaFileSize = metaFileSize
        self.yamlNodes = yamlNodes
        self.guideSize = guideSize
        self.lessonSize = lessonSize
        self.lessonFiles = lessonFiles
        self.depth = depth
        self.curriculumFiles = curriculumFiles
        self.problems = problems
    }
}

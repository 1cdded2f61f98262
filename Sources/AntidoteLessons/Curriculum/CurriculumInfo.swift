/// What a curriculum says about itself in `curriculum.meta.yaml`.
public struct CurriculumInfo: Sendable, Hashable, Codable {
    /// The curriculum's name for people.
    public var name: String
    /// What it teaches.
    public var description: String
    /// The address of its website; empty where there is none.
    public var website: String
    /// The version of Antidote that the curriculum was written for, as its author put it. Compared with nothing.
    public var antidoteVersion: String
    /// Where the curriculum's repository is.
    public var gitRoot: String

    public init(
        name: String = "",
        description: String = "",
        website: String = "",
        antidoteVersion: String = "",
        gitRoot: String = ""
    ) {
        self.name = name
        self.description = description
        self.website = website
        self.antidoteVersion = antidoteVersion
        self.gitRoot = gitRoot
    }
}

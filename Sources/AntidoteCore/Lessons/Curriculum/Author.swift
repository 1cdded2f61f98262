/// Somebody who wrote a lesson.
public struct Author: Sendable, Hashable, Codable {
    public var name: String
    /// An address where more is told about them.
    public var link: String

    public init(name: String, link: String = "") {
        self.name = name
        self.link = link
    }
}

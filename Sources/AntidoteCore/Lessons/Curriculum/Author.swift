/// Somebody who wrote a lesson.
public struct Author: Sendable, Hashable, Codable {
    /// As it is to be shown.
    public var name: String
    /// An address where more is told about them.
    public var link: String

    /// Takes its parts as they are.
    public init(name: String, link: String = "") {
        self.name = name
        self.link = link
    }
}

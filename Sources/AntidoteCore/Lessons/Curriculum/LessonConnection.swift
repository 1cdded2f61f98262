/// A link between two endpoints of a lesson.
public struct LessonConnection: Sendable, Hashable, Codable {
    /// The name of the endpoint at one end.
    public var a: String
    /// The name of the endpoint at the other end.
    public var b: String
    /// The addresses on the link; chosen for the author where `nil`.
    public var subnet: IPv4Subnet?

    /// Takes its parts as they are.
    public init(a: String, b: String, subnet: IPv4Subnet? = nil) {
        self.a = a
        self.b = b
        self.subnet = subnet
    }
}

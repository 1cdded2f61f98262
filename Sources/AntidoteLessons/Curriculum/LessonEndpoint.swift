public import AntidoteCore

/// A machine of a lesson.
public struct LessonEndpoint: Sendable, Hashable, Codable {
    /// The machine's name in the lab; a DNS label, unique in the lesson.
    public var name: String
    /// The slug of the image that it runs.
    public var image: String
    /// How it is configured at each stage; `nil` when it is left as its image made it.
    public var configurationKind: LessonConfiguration.Kind?
    /// Ports that other machines of the lab reach, beyond those of the presentations.
    public var additionalPorts: [UInt16]
    /// The ways for the learner to reach it.
    public var presentations: [Presentation]

    public init(
        name: String,
        image: String,
        configurationKind: LessonConfiguration.Kind? = nil,
        additionalPorts: [UInt16] = [],
        presentations: [Presentation] = []
    ) {
        self.name = name
        self.image = image
        self.configurationKind = configurationKind
        self.additionalPorts = additionalPorts
        self.presentations = presentations
    }
}

/// A link between two endpoints of a lesson.
public struct LessonConnection: Sendable, Hashable, Codable {
    /// The name of the endpoint at one end.
    public var a: String
    /// The name of the endpoint at the other end.
    public var b: String
    /// The addresses on the link; chosen for the author where `nil`.
    public var subnet: IPv4Subnet?

    public init(a: String, b: String, subnet: IPv4Subnet? = nil) {
        self.a = a
        self.b = b
        self.subnet = subnet
    }
}

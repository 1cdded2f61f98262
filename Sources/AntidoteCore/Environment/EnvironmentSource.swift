/// What an environment is made from.
public struct EnvironmentSource: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Which planner understands it, such as `lesson`.
    public var kind: String
    /// The slug of a lesson, or whatever the planner calls its sources.
    public var name: String
    /// A running environment keeps the version that it started with.
    public var version: String

    /// The source of that kind and name.
    public init(kind: String, name: String, version: String = "") {
        self.kind = kind
        self.name = name
        self.version = version
    }

    public var description: String { version.isEmpty ? "\(kind)/\(name)" : "\(kind)/\(name)@\(version)" }
}

extension EnvironmentSource {
    /// Whether a learner who asks for `other` means this: a lesson is one lesson whatever its version.
    public func isSame(as other: EnvironmentSource) -> Bool { kind == other.kind && name == other.name }
}

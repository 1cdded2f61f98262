/// What an environment is made from.
public struct EnvironmentSource: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Selects the planner and the vocabulary.
    public var kind: String
    /// The name of the source, as its planner knows it.
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
    /// Whether both name the same source, in whatever version.
    @_spi(StoreKit) public func isSame(as other: EnvironmentSource) -> Bool { kind == other.kind && name == other.name }
}

/// A text that never shows itself: not when printed, reflected, interpolated, encoded or compared by a log.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Keeps `value` from being printed.
    public init(_ value: String) { self.value = value }

    /// The text itself. Call it only where the value leaves for the place that needs it.
    public func reveal() -> String { value }

    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The name under which a secret is kept outside: resolved when something starts, never stored or labelled.
public struct SecretReference: Sendable, Hashable, Codable {
    /// What the backend knows it by.
    public var name: String

    /// The secret that the backend knows by `name`.
    public init(name: String) { self.name = name }
}

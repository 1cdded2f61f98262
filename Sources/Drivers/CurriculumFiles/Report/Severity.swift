/// How bad a problem is.
public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
    /// What is told about cannot be used as it is.
    case error
    /// It works, though perhaps not as its author meant.
    case warning
}

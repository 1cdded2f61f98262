/// A service of an installation. Any number of copies of each may run, on any machine.
public enum ServiceRole: String, Sendable, Hashable, CaseIterable {
    /// Answers visitors over HTTP.
    case api
    /// Builds, configures, changes and repairs labs.
    case scheduler
    /// Removes labs that nobody wants any more, and whatever has no owner.
    case gc

    /// Whether it asks the backend for something.
    var needsBackend: Bool { self != .api }
}

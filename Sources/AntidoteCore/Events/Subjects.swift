/// The subjects of one instance: a public interface.
public struct Subjects: Sendable, Hashable {
    private let prefix: String

    /// The subjects of one instance.
    public init(instance: InstanceID) { prefix = "antidote.\(instance)" }

    /// Where events of this kind are published.
    public func event(_ kind: EnvironmentEvent.Kind) -> String { "\(prefix).livelesson.\(kind.rawValue)" }

    /// All durable events, and progress.
    public var allLiveLessons: SubjectPattern { SubjectPattern("\(prefix).livelesson.*") }

    /// Latest values only, never stored.
    public var progress: String { "\(prefix).livelesson.progress" }

    /// Wakes all copies of one service; carries nothing.
    public func wake(_ role: WorkerRole) -> String { "\(prefix).wake.\(role.rawValue)" }
}

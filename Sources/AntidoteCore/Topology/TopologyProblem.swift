/// A reason why a backend cannot build a topology as it stands.
public struct TopologyProblem: Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it comes to.
    public var code: AntidoteError.Code
    /// The endpoint, connection or port it is about.
    public var subject: String
    /// What is wrong, in a sentence.
    public var message: String
    /// What to do about it.
    public var recovery: String

    public init(_ code: AntidoteError.Code, subject: String, message: String, recovery: String) {
        self.code = code
        self.subject = subject
        self.message = message
        self.recovery = recovery
    }

    public var description: String { "[\(code)] \(subject): \(message) \(recovery)" }
}

extension AntidoteError {
    /// The error that refuses a topology with all its `problems`. `nil` if there are none.
    package init?(problems: [TopologyProblem]) {
        guard let first = problems.first else { return nil }
        let rest = problems.dropFirst().map { "\($0.subject): \($0.message)" }.joined(separator: "; ")
        self.init(
            first.code,
            rest.isEmpty ? first.message : "\(first.message) (and \(rest))",
            recovery: first.recovery,
            subject: first.subject,
            disposition: .permanent
        )
    }
}

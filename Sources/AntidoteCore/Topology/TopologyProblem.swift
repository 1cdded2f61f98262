/// A reason why a backend cannot build a topology as it stands.
public struct TopologyProblem: Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it comes to.
    public var code: AntidoteError.Code
    /// The endpoint, connection or port it is about.
    public var place: String
    /// What is wrong, in a sentence.
    public var message: String
    /// What to do about it.
    public var advice: String

    public init(_ code: AntidoteError.Code, place: String, message: String, advice: String) {
        self.code = code
        self.place = place
        self.message = message
        self.advice = advice
    }

    public var description: String { "[\(code)] \(place): \(message) \(advice)" }
}

extension AntidoteError {
    /// The error that refuses a topology with all its `problems`. `nil` if there are none.
    public init?(problems: [TopologyProblem]) {
        guard let first = problems.first else { return nil }
        let rest = problems.dropFirst().map { "\($0.place): \($0.message)" }.joined(separator: "; ")
        self.init(
            first.code,
            rest.isEmpty ? first.message : "\(first.message) (and \(rest))",
            advice: first.advice,
            place: first.place,
            disposition: .permanent
        )
    }
}

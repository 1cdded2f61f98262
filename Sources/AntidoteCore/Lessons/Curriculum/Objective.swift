/// Something optional that the learner may achieve in a stage.
public struct Objective: Sendable, Hashable, Codable {
    /// What to achieve, in a sentence for the learner.
    public var text: String
    /// The script that checks it, relative to the lesson's directory. It exits with 0 when the objective is met and
    /// with 1 when it is not; anything else is an error of the check.
    public var script: String

    /// Takes its parts as they are.
    public init(text: String, script: String) {
        self.text = text
        self.script = script
    }
}

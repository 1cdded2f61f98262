/// One step of a lesson: what the learner reads, how the machines are configured for it, and what may be achieved.
public struct LessonStage: Sendable, Hashable, Codable {
    /// What the stage is about, as its heading.
    public var description: String
    /// What the learner reads.
    public var guide: Guide
    /// The address of a video for this stage.
    public var video: String?
    /// What brings the endpoints into this stage's state, at most one for each endpoint. None relies on another stage.
    public var configurations: [LessonConfiguration]
    /// What the learner may achieve here; empty where the stage asks for nothing.
    public var objectives: [Objective]
    /// Shown when every objective is complete.
    public var completeMessage: String?

    public init(
        description: String = "",
        guide: Guide,
        video: String? = nil,
        configurations: [LessonConfiguration] = [],
        objectives: [Objective] = [],
        completeMessage: String? = nil
    ) {
        self.description = description
        self.guide = guide
        self.video = video
        self.configurations = configurations
        self.objectives = objectives
        self.completeMessage = completeMessage
    }
}

/// Something optional that the learner may achieve in a stage.
public struct Objective: Sendable, Hashable, Codable {
    /// What to achieve, in a sentence for the learner.
    public var text: String
    /// The script that checks it, relative to the lesson's directory. It exits with 0 when the objective is met and
    /// with 1 when it is not; anything else is an error of the check.
    public var script: String

    public init(text: String, script: String) {
        self.text = text
        self.script = script
    }
}

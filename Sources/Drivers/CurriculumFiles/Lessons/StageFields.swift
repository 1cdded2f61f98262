import AntidoteCore
import AntidoteLessons

/// What a lesson says about one of its stages.
enum StageFields {
    static let description = Field("description", .optional, Text.any, "What this stage is about, as its heading.")
    static let guideType = Field(
        "guideType",
        .optional,
        Choice<Guide.Kind>(),
        "markdown for stageN/guide.md, which is also what is meant without it; jupyter for stageN/guide.ipynb."
    )
    static let stageVideo = Field("stageVideo", .optional, Text.any, "The address of a video for this stage.")
    static let verification = Field(
        "verification",
        .optional,
        Group(VerificationFields.shape),
        "What the learner may achieve in this stage."
    )
    /// Stages used to be numbered by an `id` of their own: it may stay, though only the order counts.
    static let id = Field("id", .optional, Ignored(), "Not looked at: a stage's number is its place in the list.")

    static let shape = Shape(
        "a stage",
        [description, guideType, stageVideo, verification, id],
        bygone: ["jupyterLabGuide"]
    )
}

enum VerificationFields {
    static let objectives = Field(
        "objectives",
        .required(.objectivesEmpty),
        List(of: Text.any),
        "What to achieve, in a sentence each. stageN/objectives/objectiveM.py checks number M, from 0."
    )
    static let completeMessage = Field(
        "completeMessage",
        .optional,
        Text.any,
        "What the learner is told when every objective is met."
    )

    static let shape = Shape("a verification", [objectives, completeMessage])
}

public import AntidoteCore

/// The public names for live lessons: `NewLiveLesson` on `antidote.<instance>.livelesson.new`, and so on.
public struct LessonVocabulary: EventVocabulary {
    public var noun: String { "livelesson" }

    /// The names for live lessons.
    public init() {}

    public func word(for kind: EnvironmentEvent.Kind) -> String {
        switch kind {
        case .admitted: "new"
        case .revisionChanged: "stagechange"
        case .ready: "ready"
        case .failed: "failed"
        case .deleted: "delete"
        }
    }

    public func type(of kind: EnvironmentEvent.Kind) -> String {
        switch kind {
        case .admitted: "NewLiveLesson"
        case .revisionChanged: "StageChangeLiveLesson"
        case .ready: "LiveLessonReady"
        case .failed: "LiveLessonFailed"
        case .deleted: "DeleteLiveLesson"
        }
    }

    public func data(of event: EnvironmentEvent) -> EventData {
        var data: EventData = [
            "lesson": .text(event.source.name),
            "liveLesson": .text(event.environment.rawValue),
            "phase": .text(event.phase.rawValue),
            "sequence": .number(event.sequence),
            "session": .text(event.owner.rawValue),
            "stage": .number(Int64(event.revision)),
        ]
        if let failure = event.failure { data["failure"] = .text(failure.code.description) }
        return data
    }

    public func attributes(of source: EnvironmentSource, revision: Int) -> [String: String] {
        [AttributeKey.lesson: source.name, AttributeKey.stage: String(revision)]
    }
}

extension AttributeKey {
    /// The lesson's slug.
    public static let lesson = "antidote.lesson"
    /// The stage of a live lesson.
    public static let stage = "antidote.stage"
}

extension EventVocabularies {
    /// The vocabularies of an installation whose environments are live lessons.
    package static var ofLessons: EventVocabularies { [LessonPlanner.sourceKind: LessonVocabulary()] }
}

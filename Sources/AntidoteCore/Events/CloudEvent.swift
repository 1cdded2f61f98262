#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A durable event as other software reads it: CloudEvents 1.0, structured mode, JSON.
public struct CloudEvent: Sendable, Hashable, Codable {
    public var specversion = "1.0"
    public var id: String
    public var source: String
    public var type: String
    public var subject: String
    public var time: String
    public var datacontenttype = "application/json"
    public var data: Payload

    /// What the event says. Whoever needs more reads the state: an event is a hint, and may be forged.
    public struct Payload: Sendable, Hashable, Codable {
        public var liveLesson: String
        public var session: String
        public var lesson: String
        public var stage: Int
        public var sequence: Int64
        public var phase: Phase
        public var failure: String?
    }

    public init(_ event: EnvironmentEvent, instance: InstanceID) {
        id = event.id
        source = "/antidote/\(instance)"
        type = event.kind.publicName
        subject = event.environment.rawValue
        time = event.time.description
        data = Payload(
            liveLesson: event.environment.rawValue,
            session: event.owner.rawValue,
            lesson: event.source.name,
            stage: event.revision,
            sequence: event.sequence,
            phase: event.phase,
            failure: event.failure?.code.description
        )
    }

    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}

extension EnvironmentEvent.Kind {
    /// The name that other software knows it by.
    public var publicName: String {
        switch self {
        case .admitted: "NewLiveLesson"
        case .revisionChanged: "StageChangeLiveLesson"
        case .ready: "LiveLessonReady"
        case .failed: "LiveLessonFailed"
        case .deleted: "DeleteLiveLesson"
        }
    }
}

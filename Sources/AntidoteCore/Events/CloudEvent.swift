/// A durable event as other software reads it: CloudEvents 1.0, structured mode, JSON.
public struct CloudEvent: Sendable, Hashable, Codable {
    /// The version of CloudEvents.
    public var specversion = "1.0"
    /// The event's own id: the same whenever it is told again.
    public var id: String
    /// `/antidote/<instance>`.
    public var source: String
    /// What happened, such as `LiveLessonReady`.
    public var type: String
    /// The id of the environment.
    public var subject: String
    /// When it happened, as in RFC 3339.
    public var time: String
    /// What ``data`` is encoded as.
    public var datacontenttype = "application/json"
    /// What the event says.
    public var data: Payload

    /// What the event says. Whoever needs more reads the state: an event is a hint, and may be forged.
    public struct Payload: Sendable, Hashable, Codable {
        /// The id of the environment.
        public var liveLesson: String
        /// The owner.
        public var session: String
        /// The name of the source.
        public var lesson: String
        /// The revision that was wanted.
        public var stage: Int
        /// The event's number, counted for each environment from 1.
        public var sequence: Int64
        /// How far the environment had come.
        public var phase: Phase
        /// The code of the error that it failed with.
        public var failure: String?
    }

    /// The event as `instance` tells it.
    public init(_ event: EnvironmentEvent, instance: InstanceID) {
        id = event.id
        source = Self.source(of: instance)
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

    static func source(of instance: InstanceID) -> String { "/antidote/\(instance)" }

    /// The event as UTF-8 JSON, its keys in alphabetical order.
    public func encoded() -> [UInt8] {
        JSONText { event in
            event.add("data") { data in
                if let failure = self.data.failure { data.add("failure", failure) }
                data.add("lesson", self.data.lesson)
                data.add("liveLesson", self.data.liveLesson)
                data.add("phase", self.data.phase.rawValue)
                data.add("sequence", self.data.sequence)
                data.add("session", self.data.session)
                data.add("stage", Int64(self.data.stage))
            }
            event.add("datacontenttype", datacontenttype)
            event.add("id", id)
            event.add("source", source)
            event.add("specversion", specversion)
            event.add("subject", subject)
            event.add("time", time)
            event.add("type", type)
        }.bytes
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

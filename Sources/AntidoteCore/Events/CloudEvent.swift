/// A durable event as other software reads it: CloudEvents 1.0, structured mode, JSON.
package struct CloudEvent: Sendable, Hashable, Codable {
    /// The version of CloudEvents.
    package var specversion = "1.0"
    /// The event's own id: the same whenever it is published again.
    package var id: String
    /// `/antidote/<instance>`.
    package var source: String
    /// What happened, as the vocabulary of the kind of source names it.
    package var type: String
    /// The id of the environment.
    package var subject: String
    /// When it happened, as in RFC 3339.
    package var time: String
    /// What ``data`` is encoded as.
    package var datacontenttype = "application/json"
    /// The event's members. A reader that needs more reads the state: an event is a hint, and may be forged.
    package var data: EventData

    /// The event as `instance` publishes it, in the words of `vocabulary`: that of the kind of the event's source.
    package init(
        _ event: EnvironmentEvent,
        instance: InstanceID,
        vocabulary: any EventVocabulary = EnvironmentVocabulary()
    ) {
        id = event.id
        source = Self.source(of: instance)
        type = vocabulary.type(of: event.kind)
        subject = event.environment.rawValue
        time = event.time.description
        data = vocabulary.data(of: event)
    }

    static func source(of instance: InstanceID) -> String { "/antidote/\(instance)" }

    /// The event as UTF-8 JSON, its keys in alphabetical order.
    package func encoded() -> [UInt8] {
        JSONText { event in
            event.add("data") { data in
                for member in self.data.members {
                    switch member.value {
                    case .text(let text): data.add(member.key, text)
                    case .number(let number): data.add(member.key, number)
                    }
                }
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

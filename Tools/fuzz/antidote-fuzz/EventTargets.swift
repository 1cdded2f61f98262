import AntidoteLessons
import Foundation

@testable import AntidoteCore

/// What a bus or a store hands over: durable events, and how other software reads them.
enum EventTargets {
    static func events(_ bytes: [UInt8]) {
        let data = Data(bytes)
        if let event = roundTrip(CloudEvent.self, data) {
            let encoded = event.encoded()
            require((try? JSONDecoder().decode(CloudEvent.self, from: Data(encoded))) == event, "an event changed")
        }
        if let event = roundTrip(EnvironmentEvent.self, data) {
            let vocabulary = EventVocabularies.ofLessons[event.source.kind]
            let published = CloudEvent(event, instance: InstanceID(unchecked: "fuzz"), vocabulary: vocabulary)
            require(
                published.id == event.id && published.data["sequence"]?.number == event.sequence,
                "another event is published"
            )
            require(!published.encoded().isEmpty, "an event cannot be published")
        }
        _ = roundTrip(AntidoteCore.Environment.self, data)
        _ = roundTrip(BuildProgress.self, data)
        _ = roundTrip(Failure.self, data)
        subject(String(decoding: bytes.prefix(200), as: UTF8.self))
    }

    /// What decodes encodes, and what that decodes to is the same.
    private static func roundTrip<Value: Codable & Hashable>(_ type: Value.Type, _ data: Data) -> Value? {
        guard let value = try? JSONDecoder().decode(type, from: data) else { return nil }
        guard let encoded = try? JSONEncoder().encode(value) else {
            require(false, "\(type) decodes and does not encode")
            return nil
        }
        require((try? JSONDecoder().decode(type, from: encoded)) == value, "\(type) changes on its way")
        return value
    }

    /// A subject matches itself as a pattern, unless it has a wildcard; `>` matches all.
    private static func subject(_ text: String) {
        let pattern = SubjectPattern(text)
        require(pattern.matches(text), "“\(text)” does not match itself")
        require(SubjectPattern(">").matches(text), "“>” does not match “\(text)”")
    }
}

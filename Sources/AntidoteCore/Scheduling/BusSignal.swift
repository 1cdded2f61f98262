#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a message on the bus means to a worker: at most that there may be work. Any client of the bus can send one.
enum BusSignal: Hashable {
    /// There may be work with this one.
    case about(EnvironmentID)
    /// There may be work.
    case somewhere
    /// It is no message of the installation.
    case none(Reason)

    /// Why a message is ignored.
    enum Reason: String, Hashable {
        /// Neither an id where one belongs, nor an event.
        case unreadable
        /// An event whose type none of the known vocabularies has.
        case unknownType
        /// An event that says that it is somebody else's.
        case otherSource
    }

    /// Far above what an event of ours takes: more is not read.
    private static let longestEvent = 64 * 1024

    /// What `message`, heard by workers of `instance`, tells them. They know the events of `vocabularies`.
    init(_ message: BusMessage, instance: InstanceID, vocabularies: [any EventVocabulary]) {
        let subjects = Subjects(instance: instance)
        if WorkerRole.allCases.contains(where: { subjects.wake($0) == message.subject }) {
            self = Self.wake(message.payload).map { .about($0) } ?? .none(.unreadable)
        } else {
            self = Self.problem(withEvent: message.payload, instance, vocabularies).map { .none($0) } ?? .somewhere
        }
    }

    private static func wake(_ payload: [UInt8]) -> EnvironmentID? {
        guard payload.count <= 64 else { return nil }
        return EnvironmentID(rawValue: String(decoding: payload, as: UTF8.self))
    }

    private static func problem(
        withEvent payload: [UInt8],
        _ instance: InstanceID,
        _ vocabularies: [any EventVocabulary]
    ) -> Reason? {
        guard payload.count <= longestEvent,
            let event = try? JSONDecoder().decode(Head.self, from: Data(payload))
        else { return .unreadable }
        let isKnown = vocabularies.contains { vocabulary in
            EnvironmentEvent.Kind.allCases.contains { vocabulary.type(of: $0) == event.type }
        }
        guard isKnown else { return .unknownType }
        return event.source == CloudEvent.source(of: instance) ? nil : .otherSource
    }

    /// As much of a CloudEvent as says whose it is: what it tells is looked up.
    private struct Head: Decodable {
        var source: String
        var type: String
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a message on the bus tells a worker: at most that there may be work. Anybody may have written it.
enum Hint: Hashable {
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
        /// An event of a kind that this build does not know.
        case unknownType
        /// An event that says that it is somebody else's.
        case otherSource
    }

    /// Far above what an event of ours takes: more is not read.
    private static let longestEvent = 64 * 1024

    /// What `message`, heard by workers of `instance`, tells them.
    init(_ message: BusMessage, instance: InstanceID) {
        let subjects = Subjects(instance: instance)
        if WorkerRole.allCases.contains(where: { subjects.wake($0) == message.subject }) {
            self = Self.wake(message.payload).map { .about($0) } ?? .none(.unreadable)
        } else {
            self = Self.problem(withEvent: message.payload, instance).map { .none($0) } ?? .somewhere
        }
    }

    private static func wake(_ payload: [UInt8]) -> EnvironmentID? {
        guard payload.count <= 64 else { return nil }
        return EnvironmentID(rawValue: String(decoding: payload, as: UTF8.self))
    }

    private static func problem(withEvent payload: [UInt8], _ instance: InstanceID) -> Reason? {
        guard payload.count <= longestEvent,
            let event = try? JSONDecoder().decode(Head.self, from: Data(payload))
        else { return .unreadable }
        guard EnvironmentEvent.Kind.allCases.contains(where: { $0.publicName == event.type }) else {
            return .unknownType
        }
        return event.source == CloudEvent.source(of: instance) ? nil : .otherSource
    }

    /// As much of a CloudEvent as says whose it is: what it tells is looked up.
    private struct Head: Decodable {
        var source: String
        var type: String
    }
}

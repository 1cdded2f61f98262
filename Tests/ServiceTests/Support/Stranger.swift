import AntidoteCore
import AntidoteLessons
import ChaosScenario
import HostPrograms
import NATSEvents

/// Somebody who may publish on the subjects of an installation, and should not.
struct Stranger: Sendable {
    private let bus: NATSEventBus
    private let subjects: Subjects
    private let vocabulary = LessonVocabulary()
    private let name: String

    private init(_ installation: Installation) throws {
        subjects = Subjects(instance: InstanceID(unchecked: installation.name))
        name = installation.name
        bus = try NATSEventBus(
            NATSConfiguration(
                servers: [installation.servers.bus.url],
                credentials: .user(BusServer.user, password: Secret(installation.servers.bus.password)),
                clientName: "stranger"
            )
        )
    }

    /// Lends one who is connected.
    static func among(_ installation: Installation, _ body: (Stranger) async throws -> Void) async throws {
        let stranger = try Stranger(installation)
        try await stranger.bus.connect()
        do {
            try await body(stranger)
            _ = await stranger.bus.close()
        } catch {
            _ = await stranger.bus.close()
            throw error
        }
    }

    /// Well-formed events that never happened, wakes about nothing, and what is neither.
    ///
    /// Returns how many of them a scheduler and a collector can tell are none of ours, by the reason.
    func lie(about ids: [String], of session: String) async throws -> [String: Int] {
        let (ours, theirs) = ("/antidote/\(name)", "/antidote/elsewhere")
        var ignored: [String: Int] = [:]
        for kind in EnvironmentEvent.Kind.allCases {
            let subject = subjects.event(kind, of: vocabulary)
            for id in ids {
                let type = vocabulary.type(of: kind)
                for source in [ours, theirs] {
                    try await publish(subject, forged(type, of: id, session, source: source))
                }
            }
            try await publish(subject, forged("LiveLessonDoubled", of: ids[0], session, source: ours))
            for bytes in Self.garbage { try await publish(subject, bytes) }
            if [.admitted, .revisionChanged].contains(kind) {
                ignored["otherSource", default: 0] += ids.count
                ignored["unknownType", default: 0] += 1
                ignored["unreadable", default: 0] += Self.garbage.count
            }
        }
        for role in WorkerRole.allCases {
            let payloads = ids.map { Array($0.utf8) } + Self.garbage
            for bytes in payloads { try await publish(subjects.wake(role), bytes) }
            let known = ids.filter { EnvironmentID(rawValue: $0) != nil }
            ignored["unreadable", default: 0] += payloads.count - known.count
        }
        for place in ["livelesson.unknown", "livelesson.progress", "wake.nobody"] {
            for bytes in Self.garbage { try await publish("antidote.\(name).\(place)", bytes) }
        }
        return ignored
    }

    private static let garbage: [[UInt8]] = [
        [], [0], [0xFF, 0xFE, 0], Array("{".utf8), .init(repeating: 0x5B, count: 50_000),
    ]

    /// Talks without a pause until it is cancelled, where somebody listens. Calls `onSent` after each message.
    func flood(_ onSent: () -> Void) async throws {
        let noise = [UInt8](repeating: 0x7B, count: 1000)
        let places = WorkerRole.allCases.map(subjects.wake) + [subjects.event(.admitted, of: vocabulary)]
        while !Task.isCancelled {
            for subject in places {
                try await publish(subject, noise)
                onSent()
            }
        }
    }

    private func publish(_ subject: String, _ payload: [UInt8]) async throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await bus.publish(BusMessage(subject: subject, payload: payload, headers: ["traceparent": parent]))
    }

    private func forged(_ type: String, of id: String, _ session: String, source: String) -> [UInt8] {
        let event = """
            {"specversion": "1.0", "id": "\(id)-99", "source": "\(source)", "type": "\(type)",
            "subject": "\(id)", "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json", "data":
            {"liveLesson": "\(id)", "session": "\(session)", "lesson": "lesson-1", "stage": 0, "sequence": 99,
            "phase": "\(type == vocabulary.type(of: .ready) ? "READY" : "FAILED")"}}
            """
        return Array(event.utf8)
    }
}

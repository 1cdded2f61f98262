import AntidoteCore
import ChaosScenario
import HostPrograms
import NATSEvents

/// Somebody who may publish on the subjects of an installation, and should not.
struct Stranger: Sendable {
    private let bus: NATSEventBus
    private let subjects: Subjects
    private let prefix: String

    private init(_ installation: Installation) throws {
        subjects = Subjects(instance: InstanceID(unchecked: installation.name))
        prefix = "antidote.\(installation.name)"
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
    func lie(about ids: [String], of session: String) async throws {
        for id in ids {
            for kind in EnvironmentEvent.Kind.allCases {
                try await publish(subjects.event(kind), forged(kind, of: id, session: session))
            }
            for role in WorkerRole.allCases { try await publish(subjects.wake(role), Array(id.utf8)) }
        }
        let garbage: [[UInt8]] = [[], [0], [0xFF, 0xFE, 0], Array("{".utf8), .init(repeating: 0x5B, count: 50_000)]
        for name in ["unknown", "ready", "progress"] {
            for bytes in garbage { try await publish("\(prefix).livelesson.\(name)", bytes) }
        }
        for name in ["scheduler", "gc", "nobody"] {
            for bytes in garbage { try await publish("\(prefix).wake.\(name)", bytes) }
        }
    }

    /// Talks without a pause until it is cancelled.
    func flood() async {
        let noise = [UInt8](repeating: 0x7B, count: 1000)
        while !Task.isCancelled {
            for role in WorkerRole.allCases { try? await publish(subjects.wake(role), noise) }
            try? await publish(subjects.event(.ready), noise)
        }
    }

    private func publish(_ subject: String, _ payload: [UInt8]) async throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await bus.publish(BusMessage(subject: subject, payload: payload, headers: ["traceparent": parent]))
    }

    private func forged(_ kind: EnvironmentEvent.Kind, of id: String, session: String) -> [UInt8] {
        let event = """
            {"specversion": "1.0", "id": "\(id)-99", "source": "/antidote/forged", "type": "\(kind.publicName)",
            "subject": "\(id)", "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json", "data":
            {"liveLesson": "\(id)", "session": "\(session)", "lesson": "lesson-1", "stage": 0, "sequence": 99,
            "phase": "\(kind == .ready ? "READY" : "FAILED")"}}
            """
        return Array(event.utf8)
    }
}

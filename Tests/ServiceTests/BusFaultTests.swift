import AntidoteCore
import ChaosScenario
import Foundation
import HTTPTransport
import Logging
import NATSEvents
import Testing

extension ServiceTests {
    /// A bus that does not know us, and one on which a stranger talks.
    @Suite struct BusFaultTests {
        private static let programs = ["antidote-api", "antidote-scheduler", "antidote-gc"]

        @Test(arguments: programs) func aBusWithoutCredentialsIsRefused(_ program: String) async throws {
            let installation = try await Installation()
            let done = try await installation.run(
                program,
                ["--config", try installation.configuration(["natsUser": "", "natsPassword": ""])]
            )
            #expect(done.status == 78, "\(done)")
            #expect(done.errors.contains("there are no credentials for NATS"), "\(done)")
        }

        @Test(arguments: programs) func wrongCredentialsAreRefused(_ program: String) async throws {
            let installation = try await Installation()
            let done = try await installation.run(
                program,
                ["--config", try installation.configuration(["natsPassword": "guessed"])]
            )
            #expect(done.status == 77, "\(done)")
            #expect(done.errors.contains("error[busDenied]"), "\(done)")
            #expect(!done.errors.contains("guessed"))
        }

        @Test func forgedEventsShowNobodyAnythingFalse() async throws {
            let installation = try await Installation()
            let subjects = Subjects(instance: InstanceID(unchecked: installation.name))
            try await withStranger(installation) { stranger in
                try await installation.running { api, scheduler, _ in
                    let visitor = try await Visitor.arrived(at: api)
                    let kept = try await visitor.learn("lesson-1")
                    // Nobody builds the next one for now.
                    #expect(await scheduler.stop(SIGTERM) == 0, "\(scheduler.lastWords)")
                    let waiting = try await visitor.request("lesson-2")
                    let ids = [kept.id, waiting, "nonsense", ""]
                    try await lie(stranger, subjects, about: ids, of: visitor.session)

                    let rows = try await installation.list([Rows.LiveLesson].self, "get", "livelessons")
                    #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.phase) })[kept.id] == "READY")
                    #expect(rows.first { $0.id == waiting }.map { $0.phase != "READY" } == true, "\(rows)")
                    let seen = try await visitor.ask(.get, "/v1/livelessons/\(waiting)").read(Visitor.LiveLesson.self)
                    #expect(seen.phase != "READY")
                    let events = try await installation.list([Rows.Event].self, "get", "events")
                    #expect(events.map(\.type) == ["NewLiveLesson", "LiveLessonReady", "NewLiveLesson"])

                    let another = try installation.start(.scheduler)
                    _ = try await visitor.ready(waiting)
                    try await lie(stranger, subjects, about: ids, of: visitor.session)
                    _ = try await visitor.learn("lesson-3")
                    for id in [waiting, kept.id] { _ = try await visitor.ready(id) }
                    #expect(await another.stop(SIGTERM) == 0, "\(another.lastWords)")
                }
            }
        }

        @Test func aFloodKeepsNobodyFromWorking() async throws {
            let installation = try await Installation()
            let subjects = Subjects(instance: InstanceID(unchecked: installation.name))
            try await withStranger(installation) { stranger in
                try await installation.running { api, _, _ in
                    let visitor = try await Visitor.arrived(at: api)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 {
                            group.addTask {
                                let noise = [UInt8](repeating: 0x7B, count: 1000)
                                while !Task.isCancelled {
                                    for subject in [subjects.wake(.scheduler), subjects.wake(.collector)] {
                                        try? await stranger.publish(BusMessage(subject: subject, payload: noise))
                                    }
                                    try? await stranger.publish(
                                        BusMessage(subject: subjects.event(.ready), payload: noise)
                                    )
                                }
                            }
                        }
                        for lesson in WorldSettings.lessons {
                            let ready = try await visitor.learn(lesson)
                            try await visitor.leave(ready.id)
                        }
                        group.cancelAll()
                    }
                    #expect(try await visitor.ask(.get, "/readyz").status == 200)
                }
            }
        }

        /// Somebody who may publish on our subjects, and should not.
        private func withStranger(
            _ installation: Installation,
            _ body: (NATSEventBus) async throws -> Void
        ) async throws {
            let stranger = try NATSEventBus(
                NATSConfiguration(
                    servers: [installation.servers.bus.url],
                    credentials: .user(BusServer.user, password: Secret(installation.servers.bus.password)),
                    clientName: "stranger"
                )
            )
            try await stranger.connect()
            do {
                try await body(stranger)
                _ = await stranger.close()
            } catch {
                _ = await stranger.close()
                throw error
            }
        }

        private func lie(
            _ stranger: NATSEventBus,
            _ subjects: Subjects,
            about ids: [String],
            of session: String
        ) async throws {
            for id in ids {
                for kind in EnvironmentEvent.Kind.allCases {
                    try await stranger.publish(forged(kind, of: id, session: session, subjects))
                }
                for role in WorkerRole.allCases {
                    try await stranger.publish(BusMessage(subject: subjects.wake(role), payload: Array(id.utf8)))
                }
            }
            try await talkNonsense(stranger, subjects)
        }

        private func forged(
            _ kind: EnvironmentEvent.Kind,
            of id: String,
            session: String,
            _ subjects: Subjects
        ) -> BusMessage {
            let phase = kind == .ready ? "READY" : "FAILED"
            let event = """
                {"specversion": "1.0", "id": "\(id)-99", "source": "/antidote/forged", "type": "\(kind.publicName)",
                "subject": "\(id)", "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json", "data":
                {"liveLesson": "\(id)", "session": "\(session)", "lesson": "lesson-1", "stage": 0, "sequence": 99,
                "phase": "\(phase)"}}
                """
            let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            return BusMessage(
                subject: subjects.event(kind),
                payload: Array(event.utf8),
                headers: ["traceparent": parent]
            )
        }

        private func talkNonsense(_ stranger: NATSEventBus, _ subjects: Subjects) async throws {
            let names = [
                "livelesson.unknown", "livelesson.ready", "livelesson.progress", "wake.scheduler", "wake.gc", "x",
            ]
            let prefix = subjects.progress.split(separator: ".").prefix(2).joined(separator: ".")
            for name in names {
                for payload: [UInt8] in [
                    [], [0], [0xFF, 0xFE, 0x00], Array("{".utf8), .init(repeating: 0x5B, count: 50_000),
                ] {
                    try await stranger.publish(BusMessage(subject: "\(prefix).\(name)", payload: payload))
                }
            }
        }
    }
}

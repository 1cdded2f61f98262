import ChaosScenario
import Foundation
import HTTPTransport
import HostPrograms
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
            try await Stranger.among(installation) { stranger in
                try await installation.running { api, scheduler, _ in
                    let visitor = try await Visitor.arrived(at: api)
                    let kept = try await visitor.learn("lesson-1")
                    // Nobody builds the next one for now.
                    #expect(await scheduler.stop(SIGTERM) == 0, "\(scheduler.lastWords)")
                    let waiting = try await visitor.request("lesson-2")
                    let ids = [kept.id, waiting, "nonsense", ""]
                    try await stranger.lie(about: ids, of: visitor.session)

                    let rows = try await installation.list([Rows.LiveLesson].self, "get", "livelessons")
                    #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.phase) })[kept.id] == "READY")
                    #expect(rows.first { $0.id == waiting }.map { $0.phase != "READY" } == true, "\(rows)")
                    let seen = try await visitor.ask(.get, "/v1/livelessons/\(waiting)").read(Visitor.LiveLesson.self)
                    #expect(seen.phase != "READY")
                    let events = try await installation.list([Rows.Event].self, "get", "events")
                    #expect(events.map(\.type) == ["NewLiveLesson", "LiveLessonReady", "NewLiveLesson"])

                    let another = try installation.start(.scheduler)
                    _ = try await visitor.ready(waiting)
                    try await stranger.lie(about: ids, of: visitor.session)
                    _ = try await visitor.learn("lesson-3")
                    for id in [waiting, kept.id] { _ = try await visitor.ready(id) }
                    #expect(await another.stop(SIGTERM) == 0, "\(another.lastWords)")
                }
            }
        }

        /// All is right without a bus, only slower.
        @Test func aBusThatGoesIsToldAndDoneWithout() async throws {
            let servers = try #require(ServiceTests.servers)
            let bus = try BusServer(folder: servers.folder.file("bus-that-goes"), password: servers.bus.password)
            try await bus.start()
            let installation = try await Installation(["natsUrl": bus.url])
            try await installation.running { api, _, _ in
                let visitor = try await Visitor.arrived(at: api)
                let old = try await visitor.learn("lesson-1")
                await bus.stop()
                try await visitor.seesUnready("bus", "")
                _ = try await visitor.learn("lesson-2")
                try await visitor.leave(old.id)
                try await bus.start()
                try await api.isReady()
                _ = try await visitor.learn("lesson-1")
            }
            await bus.stop()
        }

        @Test func aFloodKeepsNobodyFromWorking() async throws {
            let installation = try await Installation()
            try await Stranger.among(installation) { stranger in
                try await installation.running { api, _, _ in
                    let visitor = try await Visitor.arrived(at: api)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 { group.addTask { await stranger.flood() } }
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
    }
}

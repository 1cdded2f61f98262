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
            // The third one waits until another one has gone.
            let installation = try await Installation(["instanceLimit": "2"])
            try await Stranger.among(installation) { stranger in
                try await installation.runningAsOne { all in
                    let visitor = try await Visitor.arrived(at: all)
                    let kept = try await visitor.learn("lesson-1").id
                    let left = try await visitor.learn("lesson-2").id
                    let waiting = try await visitor.request("lesson-3")
                    let ids = [kept, waiting, "nonsense", ""]
                    let first = try await stranger.lie(about: ids, of: visitor.session)
                    try await heard(first, visitor)

                    let rows = try await installation.list([Rows.LiveLesson].self, "get", "livelessons")
                    let phases = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.phase) })
                    #expect(phases == [kept: "READY", left: "READY", waiting: "QUEUED"])
                    #expect(rows.first { $0.id == kept }?.incarnation == 1)
                    let seen = try await visitor.ask(.get, "/v1/livelessons/\(waiting)").read(Visitor.LiveLesson.self)
                    #expect(seen.phase == "QUEUED")
                    let events = try await installation.list([Rows.Event].self, "get", "events")
                    let one = ["NewLiveLesson", "LiveLessonReady"]
                    #expect(events.map(\.type) == one + one + ["NewLiveLesson"])
                    #expect(try await Set(installation.labs.map(\.environment)) == [kept, left])

                    try await visitor.leave(left)
                    _ = try await visitor.ready(waiting)
                    let second = try await stranger.lie(about: ids, of: visitor.session)
                    try await heard(first.merging(second, uniquingKeysWith: +), visitor)
                    for id in [waiting, kept] { _ = try await visitor.ready(id) }
                    try await visitor.leave(waiting)
                    _ = try await visitor.learn("lesson-4")
                    #expect(await all.stop(SIGTERM) == 0, "\(all.lastWords)")
                }
            }
        }

        /// Returns when just so many messages were heard and ignored, by the reason.
        private func heard(_ ignored: [String: Int], _ visitor: Visitor) async throws {
            for (reason, count) in ignored {
                try await eventually("\(count) messages that are \(reason)") {
                    let heard = try await visitor.counted("antidote_ignored_messages_total", "reason=\"\(reason)\"")
                    guard heard <= count else { throw ChaosFailure("\(heard) of \(count) are \(reason)") }
                    return heard == count ? () : nil
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
            let sent = Tally()
            try await Stranger.among(installation) { stranger in
                try await installation.runningAsOne { all in
                    let visitor = try await Visitor.arrived(at: all)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 { group.addTask { try await stranger.flood { sent.add() } } }
                        for lesson in WorldSettings.lessons {
                            let before = sent.count
                            let ready = try await visitor.learn(lesson)
                            try await visitor.leave(ready.id)
                            // All the while somebody floods.
                            try await eventually("a flood") { sent.count > before + 2000 ? () : nil }
                        }
                        group.cancelAll()
                        do { try await group.waitForAll() } catch is CancellationError {}
                    }
                    #expect(try await visitor.ask(.get, "/readyz").status == 200)
                    // What was heard was ignored, what came too fast was dropped, and both were counted.
                    let sent = sent.count
                    try await eventually("\(sent) messages are counted") {
                        let ignored = try await visitor.counted("antidote_ignored_messages_total", "unreadable")
                        let dropped = try await visitor.counted("antidote_bus_dropped_messages_total", "slow")
                        return ignored > 0 && ignored + dropped >= sent ? () : nil
                    }
                }
            }
        }
    }
}

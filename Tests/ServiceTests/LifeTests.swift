import ChaosScenario
import HTTPTransport
import HostPrograms
import Testing

extension ServiceTests {
    /// One copy of each program, and somebody who learns.
    @Suite struct LifeTests {
        private static let lesson = WorldSettings.lessons[0]

        @Test func aLiveLessonLivesAndGoes() async throws {
            let installation = try await Installation()
            try await installation.running { api, _, _ in
                let visitor = try await Visitor.arrived(at: api)
                let lesson = try await visitor.learn(Self.lesson)
                #expect(try await installation.labs.map(\.environment) == [lesson.id])
                // Asked for again it is the same one.
                #expect(try await visitor.request(Self.lesson) == lesson.id)
                _ = try await visitor.ask(.patch, "/v1/livelessons/\(lesson.id)", #"{"stage": 1}"#)
                _ = try await visitor.ready(lesson.id, stage: 1)

                let row = try #require(try await installation.list([Rows.LiveLesson].self, "get", "livelessons").first)
                #expect(row.id == lesson.id && row.session == visitor.session && row.stage == 1 && row.phase == "READY")
                let sessions = try await installation.list([Rows.Session].self, "get", "sessions")
                #expect(sessions.map(\.id) == [visitor.session])
                #expect(sessions.first?.endsAt != nil)
                let explained = try await installation.list(Rows.Explanation.self, "explain", lesson.id)
                #expect(explained.events.map(\.type).last == "LiveLessonReady")
                #expect(explained.next.hasPrefix("nothing before"))

                try await visitor.leave(lesson.id)
                #expect(try await installation.labs.isEmpty)
                #expect(try await installation.list([Rows.LiveLesson].self, "get", "livelessons").isEmpty)
                let events = try await installation.list([Rows.Event].self, "get", "events")
                #expect(
                    events.map(\.type) == [
                        "NewLiveLesson", "LiveLessonReady", "StageChangeLiveLesson", "LiveLessonReady",
                        "DeleteLiveLesson",
                    ]
                )
                #expect(events.map(\.data.sequence) == Array(1...5))
                #expect(events.allSatisfy { $0.subject == lesson.id && $0.data.session == visitor.session })
            }
        }

        @Test func operatorsTakeAwayWhatTheyName() async throws {
            let installation = try await Installation()
            try await installation.running { api, _, _ in
                let visitor = try await Visitor.arrived(at: api)
                let (one, other) = (
                    try await visitor.learn(Self.lesson), try await visitor.learn(WorldSettings.lessons[1])
                )
                let deleted = try await installation.antidote("delete", "livelesson", one.id)
                #expect(deleted.status == 0, "\(deleted)")
                try await visitor.gone(one.id)
                _ = try await visitor.ready(other.id)
                let ended = try await installation.antidote("delete", "session", visitor.session)
                #expect(ended.status == 0, "\(ended)")
                _ = try await eventually("no labs") { try await installation.labs.isEmpty ? true : nil }
                #expect(try await visitor.ask(.get, "/v1/livelessons").status == 401)
                #expect(try await installation.list([Rows.Session].self, "get", "sessions").isEmpty)
            }
        }

        @Test func aPersistentSessionOutlivesEveryLimit() async throws {
            let installation = try await Installation(["liveSessionTTL": "60", "liveLessonTTL": "30"])
            try await installation.running { api, _, _ in
                let (stays, goes) = (try await Visitor.arrived(at: api), try await Visitor.arrived(at: api))
                let (kept, left) = (try await stays.learn(Self.lesson), try await goes.learn(Self.lesson))
                let persisted = try await installation.antidote("persist", stays.session)
                #expect(persisted.output.contains("never ends by itself"), "\(persisted)")
                // Two hours go by.
                try await installation.sql(
                    """
                    update antidote_state_sessions set ends_at = ends_at - interval '2 hours';
                    update antidote_state_environments set session_ends_at = session_ends_at - interval '2 hours',
                        last_activity_at = last_activity_at - interval '2 hours',
                        due_collector = due_collector - interval '2 hours'
                    """
                )
                _ = try await eventually("only one is left") {
                    try await installation.labs.map(\.environment) == [kept.id] ? true : nil
                }
                #expect(try await goes.ask(.get, "/v1/livelessons/\(left.id)").status == 401)
                _ = try await stays.ready(kept.id)
                let sessions = try await installation.list([Rows.Session].self, "get", "sessions")
                #expect(sessions.map(\.id) == [stays.session] && sessions.map(\.persistent) == [true])

                let over = try await installation.antidote("persist", stays.session, "--off")
                #expect(over.output.contains("ends at"), "\(over)")
            }
        }
    }
}

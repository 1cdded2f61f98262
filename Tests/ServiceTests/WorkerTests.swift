import ChaosScenario
import Foundation
import HTTPTransport
import Testing

extension ServiceTests {
    /// Workers that stop amid their work.
    @Suite struct WorkerTests {
        @Test func whoWakesAfterItsLeaseDoesNoHarm() async throws {
            let installation = try await Installation(["fakeIsInstant": "false", "leaseDuration": "2"])
            try await installation.running { api, sleeper, _ in
                let visitor = try await Visitor.arrived(at: api)
                let id = try await stopAmidWork(sleeper, visitor)
                let other = try installation.start(.scheduler)
                _ = try await visitor.ready(id)
                sleeper.send(SIGCONT)
                // It learns that what it was at is not its own any more.
                try await sleeper.logged(#""message":"a lease was lost amid the work""#)
                #expect(await other.stop(SIGTERM) == 0, "\(other.lastWords)")
                // It works on, and what it held is as the other one left it.
                let next = try await visitor.learn("lesson-5")
                _ = try await visitor.ready(id)
                try await isThereOnce([id, next.id], installation)
                #expect(await sleeper.stop(SIGTERM) == 0, "\(sleeper.lastWords)")
            }
        }

        @Test func whoIsToldToLeaveHandsBackWhatItHas() async throws {
            // Nobody could take it before the lease ends, which is later than this test.
            let changes = ["fakeIsInstant": "false", "leaseDuration": "600", "drainDeadline": "1"]
            let installation = try await Installation(changes)
            try await installation.running { api, first, _ in
                let visitor = try await Visitor.arrived(at: api)
                let id = try await leaveAmidWork(first, visitor, installation)
                #expect(try await lease(of: id, installation) == "")
                let other = try installation.start(.scheduler)
                _ = try await visitor.ready(id)
                try await isThereOnce([id], installation)
                #expect(await other.stop(SIGTERM) == 0, "\(other.lastWords)")
            }
        }

        /// Tells a worker to leave while it works on a lesson. Returns that, which is not done.
        private func leaveAmidWork(
            _ first: Service,
            _ visitor: Visitor,
            _ installation: Installation
        ) async throws -> String {
            var leaver = first
            for lesson in WorldSettings.lessons {
                let id = try await visitor.request(lesson)
                try await leaver.logged(#""message":"BOOTING""#)
                let start = ContinuousClock.now
                #expect(await leaver.stop(SIGTERM) == 0, "\(leaver.lastWords)")
                #expect(ContinuousClock.now - start < .seconds(30))
                let phase = try await installation.sql(
                    "select phase from antidote_state_environments where id = '\(id)'"
                )
                if ["BOOTING", "CONFIGURATION"].contains(phase) { return id }
                // This test was too slow.
                try await visitor.leave(id)
                leaver = try installation.start(.scheduler)
            }
            throw ChaosFailure("it was never told to leave amid its work")
        }

        /// Who holds a live lesson; empty: nobody.
        private func lease(of id: String, _ installation: Installation) async throws -> String {
            try await installation.sql(
                """
                select concat(lease_worker, lease_fence, lease_ends_at) from antidote_state_environments
                where id = '\(id)'
                """
            )
        }

        /// Stops the worker while it works on a lesson. Returns that.
        private func stopAmidWork(_ worker: Service, _ visitor: Visitor) async throws -> String {
            for (number, lesson) in WorldSettings.lessons.dropLast().enumerated() {
                let id = try await visitor.request(lesson)
                try await worker.logged(#""message":"BOOTING""#, times: number + 1)
                worker.send(SIGSTOP)
                let now = try await visitor.ask(.get, "/v1/livelessons/\(id)").read(Visitor.LiveLesson.self)
                if ["BOOTING", "CONFIGURATION"].contains(now.phase) { return id }
                // This test was too slow.
                worker.send(SIGCONT)
                try await visitor.leave(id)
            }
            throw ChaosFailure("it was never met amid its work")
        }

        /// One lab each, and no event twice.
        private func isThereOnce(_ ids: [String], _ installation: Installation) async throws {
            let labs = try await installation.labs.map(\.environment)
            #expect(labs.sorted() == ids.sorted())
            let events = try await installation.list([Rows.Event].self, "get", "events")
            for id in ids {
                #expect(events.filter { $0.subject == id }.map(\.type) == ["NewLiveLesson", "LiveLessonReady"])
            }
        }
    }
}

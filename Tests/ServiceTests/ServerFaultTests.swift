import ChaosScenario
import Foundation
import HTTPTransport
import HostPrograms
import Testing

extension ServiceTests {
    /// A database server that does not do what it should, and does again.
    @Suite struct ServerFaultTests {
        @Test func aDatabaseWithoutWritesIsToldAndRecoveredFrom() async throws {
            let installation = try await Installation()
            try await installation.running { api, _, _ in
                let visitor = try await Visitor.arrived(at: api)
                let old = try await visitor.learn("lesson-1")
                try await readOnly(true, installation)
                try await visitor.seesUnready("store", "no writes")
                let refused = try await visitor.ask(.post, "/v1/livelessons", #"{"lesson": "lesson-2"}"#)
                #expect(try isUnavailable(refused))
                // What is there can still be looked at.
                #expect(try await visitor.ask(.get, "/v1/livelessons/\(old.id)").status == 200)

                try await readOnly(false, installation)
                try await recovers(api, visitor, old.id)
            }
        }

        @Test func aServerWithoutRoomIsToldAndRecoveredFrom() async throws {
            let installation = try await Installation()
            let disk = try await FullDisk(installation)
            try await installation.running { api, scheduler, _ in
                let visitor = try await Visitor.arrived(at: api)
                let old = try await visitor.learn("lesson-1")
                #expect(await scheduler.stop(SIGTERM) == 0, "\(scheduler.lastWords)")
                let waiting = try await visitor.request("lesson-2")
                try await eventually("every event is told") {
                    let left = "select count(*) from antidote_state_events where not published"
                    return try await installation.sql(left) == "0" ? () : nil
                }
                let before = try await everything(installation)

                try await disk.fill()
                let change = "/v1/livelessons/\(old.id)"
                for (method, path, body) in [
                    (HTTPMethod.post, "/v1/sessions", nil), (.post, "/v1/livelessons", #"{"lesson": "lesson-3"}"#),
                    (.patch, change, #"{"stage": 1}"#), (.delete, change, nil),
                ] {
                    let refused = try await visitor.ask(method, path, body)
                    #expect(try isUnavailable(refused), "\(method) \(path): \(refused)")
                }
                // Whoever runs it is told why.
                for word in ["could not extend file", "No space left on device", "SQLSTATE 53100"] {
                    try await api.logged(word)
                }
                // Nobody can take up any work, and what is there stays and can be looked at.
                let other = try installation.start(.scheduler)
                try await other.logged("SQLSTATE 53100")
                #expect(try await visitor.ask(.get, "/livez").status == 200)
                #expect(try await visitor.ready(old.id).id == old.id)
                #expect(try await everything(installation) == before)
                #expect(try await installation.labs.map(\.environment) == [old.id])

                try await disk.makeRoom()
                _ = try await visitor.ready(waiting)
                try await recovers(api, visitor, old.id)
                #expect(await other.stop(SIGTERM) == 0, "\(other.lastWords)")
            }
        }

        @Test func aServerThatRestartsIsComeBackTo() async throws {
            let servers = try await Servers()
            try await stopping(servers) {
                let installation = try await Installation(on: servers)
                try await installation.running { api, _, _ in
                    let visitor = try await Visitor.arrived(at: api)
                    for how in [DatabaseServer.Shutdown.fast, .immediate] {
                        let old = try await visitor.learn("lesson-1")
                        let before = try await startOfServer(servers)
                        servers.database.beginRestart(how)
                        // Nobody is told anything but what is so, or that it cannot be done now.
                        try await eventually("another server") {
                            for number in 2...4 {
                                let body = #"{"lesson": "lesson-\#(number)"}"#
                                let answer = try await visitor.ask(.post, "/v1/livelessons", body)
                                #expect(try [200, 201, 202].contains(answer.status) || isUnavailable(answer))
                            }
                            let now = try? await startOfServer(servers)
                            return now != nil && now != before ? () : nil
                        }
                        try await recovers(api, visitor, old.id)
                    }
                }
            }
        }

        @Test func aServerWithoutAConnectionLeftIsToldAndRecoveredFrom() async throws {
            let servers = try await Servers(connections: 40)
            try await stopping(servers) {
                let installation = try await Installation(on: servers)
                try await installation.running { api, scheduler, gc in
                    let visitor = try await Visitor.arrived(at: api)
                    let old = try await visitor.learn("lesson-1")
                    let hog = ConnectionHog(
                        port: servers.database.port,
                        user: Servers.role,
                        database: installation.name
                    )
                    for service in [api, scheduler, gc] { service.send(SIGSTOP) }
                    try await endConnections(installation)
                    // All but those that the server reserves for its owner.
                    _ = try await eventually("every connection is taken") { hog.takeAll() == 37 ? true : nil }
                    for service in [api, scheduler, gc] { service.send(SIGCONT) }
                    try await visitor.seesUnready("store", "connection")
                    let refused = try await visitor.ask(.post, "/v1/livelessons", #"{"lesson": "lesson-2"}"#)
                    #expect(try isUnavailable(refused))

                    hog.letGo()
                    try await recovers(api, visitor, old.id)
                }
            }
        }

        private func startOfServer(_ servers: Servers) async throws -> String {
            try await servers.database.run("select pg_postmaster_start_time()", in: "postgres")
        }

        /// All that requests and work write.
        private func everything(_ installation: Installation) async throws -> String {
            var text = ""
            for table in ["environments", "events", "sessions", "capacity", "objectives"] {
                text += try await installation.sql("select * from antidote_state_\(table) order by 1, 2, 3")
            }
            return text
        }

        private func stopping(_ servers: Servers, _ body: () async throws -> Void) async throws {
            do {
                try await body()
                await servers.stop()
            } catch {
                await servers.stop()
                throw error
            }
        }

        private func readOnly(_ isOn: Bool, _ installation: Installation) async throws {
            try await installation.servers.database.run(
                "alter database \(installation.name) set default_transaction_read_only = \(isOn ? "on" : "off")",
                in: "postgres"
            )
            try await endConnections(installation)
        }

        /// Those of our programs: what they open next is under the new settings.
        private func endConnections(_ installation: Installation) async throws {
            try await installation.servers.database.run(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = '\(installation.name)' and application_name like 'antidote%'
                """,
                in: "postgres"
            )
        }

        private func isUnavailable(_ answer: Visitor.Answer) throws -> Bool {
            guard answer.status == 503 else { return false }
            return try answer.read(Visitor.Problem.self).code == "storeUnavailable"
        }

        /// All of it works again, and nothing is lost.
        private func recovers(_ api: Service, _ visitor: Visitor, _ old: String) async throws {
            try await api.isReady()
            _ = try await visitor.ready(old)
            _ = try await eventually("a lesson that was refused") {
                let answer = try await visitor.ask(.post, "/v1/livelessons", #"{"lesson": "lesson-5"}"#)
                return answer.status < 300 ? true : nil
            }
            _ = try await visitor.learn("lesson-5")
            try await visitor.leave(old)
        }
    }
}

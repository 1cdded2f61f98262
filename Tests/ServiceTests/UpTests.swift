import ChaosScenario
import Foundation
import HostPrograms
import Testing

extension ServiceTests {
    /// All of it in one process, on what a user's machine has.
    @Suite struct UpTests {
        /// A home of its own, and a port that stays.
        private struct Home {
            let servers: Servers
            let folder: String
            let port: Int

            init() throws {
                servers = try #require(ServiceTests.servers)
                folder = servers.folder.file("home-\(UUID().uuidString.prefix(8))")
                port = try Loopback.freePort()
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }

            var environment: [String: String] {
                [
                    "HOME": folder, "XDG_STATE_HOME": "\(folder)/state", "ANTIDOTE_HTTP_PORT": "\(port)",
                    "ANTIDOTE_FAKE_IS_INSTANT": "true",
                ]
            }

            func up(_ arguments: String...) throws -> Service {
                try Service(
                    [servers.folder.program("antidote"), "up", "--backend", "fake"] + arguments,
                    port: port,
                    log: "\(folder)/up.log",
                    environment: environment
                )
            }

            func antidote(_ arguments: String...) async throws -> Finished {
                try await Finished.run(servers.folder.program("antidote"), arguments, environment: environment)
            }
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGKILL]) func labsOutliveTheProgram(_ signal: Int32) async throws {
            let home = try Home()
            let first = try home.up("--curriculum", home.servers.curriculum)
            try await first.isReady()
            #expect(first.logText.contains("The API answers at http://127.0.0.1:\(home.port)/v1"))
            let visitor = try await Visitor.arrived(at: first)
            let lesson = try await visitor.learn("lesson-1")
            let start = ContinuousClock.now
            #expect(await first.stop(signal) == (signal == SIGKILL ? 128 + SIGKILL : 0), "\(first.lastWords)")
            // What is under way may take 20 seconds, and nothing is.
            #expect(ContinuousClock.now - start < .seconds(15))

            // Also while nothing runs, an operator sees it.
            let rows = try await home.antidote("get", "livelessons", "--output", "json").read([Rows.LiveLesson].self)
            #expect(rows.map(\.id) == [lesson.id] && rows.map(\.phase) == ["READY"])

            let second = try home.up()
            try await second.isReady()
            // It is the same one, and was not built again.
            _ = try await visitor.ready(lesson.id)
            let kept = try await home.antidote("get", "livelessons", "--output", "json").read([Rows.LiveLesson].self)
            #expect(kept.map(\.incarnation) == rows.map(\.incarnation))
            #expect(try await visitor.request("lesson-1") == lesson.id)
            // All of it still works.
            _ = try await visitor.learn("lesson-2", stage: 1)
            try await visitor.leave(lesson.id)
            #expect(await second.stop(SIGTERM) == 0, "\(second.lastWords)")
        }

        @Test func whatItDoesNotFindItNames() async throws {
            let home = try Home()
            let done = try await home.antidote("up", "--backend", "fake", "--curriculum", "/nonexistent")
            #expect(done.status == 1, "\(done)")
            let missing = "error[curriculumInvalid]: .: the directory “/nonexistent” is not there"
            #expect(done.errors.contains(missing), "\(done)")
            let magic = try await home.antidote("up", "--backend", "magic")
            #expect(magic.status == 64, "\(magic)")
            let invalid = "Error: The value 'magic' is invalid for '--backend <backend>'."
            #expect(magic.errors.hasPrefix(invalid), "\(magic)")
        }

        @Test func everythingWrongIsToldAtOnce() async throws {
            let home = try Home()
            let settings = """
                natsUlr: nats://127.0.0.1
                natsUrl: nats://127.0.0.1
                leaseDuration: soon
                databaseUrl: postgresql://127.0.0.1/x
                stateFile: /tmp/x.sqlite
                """
            let file = try home.servers.folder.write("\(URL(filePath: home.folder).lastPathComponent).yml", settings)
            let done = try await home.antidote("up", "--config", file)
            #expect(done.status == 78, "\(done)")
            for problem in [
                "did you mean “natsUrl”?", "leaseDuration", "databaseUrl and stateFile are both set",
                "there are no credentials for NATS",
            ] {
                #expect(done.errors.contains(problem), "not told of \(problem): \(done)")
            }
        }

        @Test func aPortThatIsTakenIsNamed() async throws {
            let home = try Home()
            let first = try home.up("--curriculum", home.servers.curriculum)
            try await first.isReady()
            let other = try Home()
            let done = try await Finished.run(
                other.servers.folder.program("antidote"),
                ["up", "--backend", "fake"],
                environment: other.environment.merging(["ANTIDOTE_HTTP_PORT": "\(home.port)"]) { $1 }
            )
            #expect(done.status == 78, "\(done)")
            let taken = "error[configurationInvalid]: cannot listen on 127.0.0.1:\(home.port): "
            #expect(done.errors.contains(taken) && done.errors.contains("Address already in use"), "\(done)")
            #expect(await first.stop(SIGTERM) == 0)
        }
    }
}

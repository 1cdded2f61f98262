import ChaosScenario
import HostPrograms
import Testing

extension ServiceTests {
    /// Databases that are not what they should be.
    @Suite struct DatabaseTests {
        private static let programs = ["antidote-api", "antidote-scheduler", "antidote-gc"]

        @Test(arguments: programs) func anotherSchemaIsRefused(_ program: String) async throws {
            let installation = try await Installation()
            try await installation.sql("update antidote_meta set schema_version = 99, release = '9.0'")
            try await refuses(program, installation, "schema version 99", "9.0 or newer")
        }

        @Test(arguments: programs) func halfADatabaseIsRefused(_ program: String) async throws {
            let installation = try await Installation()
            try await installation.sql("drop table antidote_state_events")
            try await refuses(program, installation, "antidote_state_events", "antidote db init")
        }

        @Test(arguments: programs) func anEmptyDatabaseIsRefused(_ program: String) async throws {
            let installation = try await Installation(isEmpty: true)
            try await refuses(program, installation, "nothing of Antidote", "antidote db init")
        }

        /// What is left of an installation may be all that there is of somebody's labs.
        @Test(arguments: ["drop table antidote_state_events", "update antidote_meta set schema_version = 99"])
        func whatIsNotWholeIsNotDroppedUnasked(_ damage: String) async throws {
            let installation = try await Installation()
            let store = try await installation.sql("select store_id from antidote_meta")
            try await installation.sql(damage)
            let refused = try await installation.antidote("db", "init")
            #expect(refused.status == 78 && refused.errors.contains("--yes"), "\(refused)")
            #expect(try await installation.sql("select store_id from antidote_meta") == store)
            let repeated = try await installation.list(Rows.Store.self, "db", "init", "--yes")
            #expect(repeated.store != store)
        }

        @Test func ofManyThatInitializeAtOnceOneDoes() async throws {
            let installation = try await Installation(isEmpty: true)
            let all = try await withThrowingTaskGroup(of: Finished.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await installation.antidote("db", "init", "--output", "json") }
                }
                return try await group.reduce(into: [Finished]()) { $0.append($1) }
            }
            let made = try all.filter { $0.status == 0 }.map { try $0.read(Rows.Store.self).store }
            let kept = try await installation.sql("select store_id from antidote_meta")
            #expect(made == [kept], "\(all)")
            for loser in all where loser.status != 0 {
                #expect(loser.errors.contains("somebody else") || loser.errors.contains("already"), "\(loser)")
            }
        }

        private func refuses(
            _ program: String,
            _ installation: Installation,
            _ reason: String,
            _ advice: String
        ) async throws {
            let done = try await installation.run(program, ["--config", try installation.configuration()])
            #expect(done.status == 78, "\(done)")
            #expect(done.errors.contains("error[configurationInvalid]") && done.errors.contains(reason), "\(done)")
            #expect(done.errors.contains(advice), "\(done)")
        }
    }
}

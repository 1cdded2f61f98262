import AntidoteCore
import PostgresClient
import PostgresState
import Testing

@Suite struct DatabaseTests {
    private func database(_ configuration: PostgresConfiguration) -> PostgresDatabase {
        PostgresDatabase(configuration: configuration, time: .system, random: .system)
    }

    private func open(_ configuration: PostgresConfiguration) async throws -> PostgresStateStore {
        try await PostgresStateStore.open(configuration, time: .system, random: .system)
    }

    @Test func anEmptyDatabaseSaysWhatToRun() async throws {
        try await PostgresServer.shared.value.withDatabase { configuration in
            let error = await storeFailure { try await open(configuration) }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.recovery?.contains("antidote db init") == true)
            #expect(error?.subject == configuration.place)
        }
    }

    @Test func aForeignDatabaseIsLeftAlone() async throws {
        try await withConnection { connection, configuration in
            try await connection.execute("create table customers (name text)")
            let error = await storeFailure { try await open(configuration) }
            #expect(error?.code == .configurationInvalid)
            try await database(configuration).initialize()
            let left = try await connection.number("select count(*) from customers")
            #expect(left == 0)
        }
    }

    @Test func initializingBeginsAnew() async throws {
        try await withStore { store, configuration in
            _ = try await store.admit(Sample.request())
            let id = try await database(configuration).initialize()
            #expect(id != store.id)
            let installation = try await database(configuration).check()
            #expect(installation.store == id)
            #expect(installation.release == AntidoteRelease.version)
            let fresh = try await open(configuration)
            #expect(fresh.id == id)
            #expect(try await fresh.environments(matching: EnvironmentFilter()).isEmpty)
            await fresh.close()
            // Who opened the old one must not take the new one's silence for an answer.
            let stranger = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
            #expect(await storeFailure { try await store.known([stranger]) }?.code == .storeUnavailable)
            #expect(await storeFailure { try await store.claim(Sample.claim()) }?.code == .storeUnavailable)
            #expect(await storeFailure { try await store.checkHealth() }?.code == .storeUnavailable)
        }
    }

    @Test func ofTwoAtOnceOneWinsAndTheOtherWaitsOrIsRefused() async throws {
        try await PostgresServer.shared.value.withDatabase { configuration in
            let outcomes = await withTaskGroup(of: Result<StoreID, any Error>.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            return .success(try await database(configuration).initialize())
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            var ids: [StoreID] = []
            for outcome in outcomes {
                switch outcome {
                case .success(let id): ids.append(id)
                case .failure(let error):
                    #expect((error as? AntidoteError)?.code == .storeUnavailable)
                    #expect((error as? AntidoteError)?.message.contains("somebody else") == true)
                }
            }
            #expect(!ids.isEmpty)
            let kept = try await database(configuration).check().store
            #expect(ids.contains(kept))
        }
    }

    @Test func anotherVersionIsRefused() async throws {
        try await withStore { _, configuration in
            let connection = try PostgresConnection(configuration: configuration)
            for (version, advice) in [(99, "release 0.9 or newer"), (0, "antidote db init")] {
                try await connection.execute(
                    "update antidote_meta set schema_version = $1, release = '0.9'",
                    .integer(version)
                )
                let error = await storeFailure { try await open(configuration) }
                #expect(error?.code == .configurationInvalid)
                #expect(error?.message.contains("schema version \(version)") == true)
                #expect(error?.recovery?.contains(advice) == true)
            }
            await connection.close()
        }
    }

    @Test func aHalfInitializedDatabaseIsNamed() async throws {
        try await withStore { _, configuration in
            let connection = try PostgresConnection(configuration: configuration)
            try await connection.execute("drop table antidote_state_events")
            let error = await storeFailure { try await open(configuration) }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.message.contains("antidote_state_events") == true)
            try await database(configuration).initialize()
            try await connection.execute("delete from antidote_meta")
            #expect(await storeFailure { try await open(configuration) }?.message.contains("antidote_meta") == true)
            await connection.close()
        }
    }

    @Test func whoMayNotInitializeChangesNothing() async throws {
        try await withStore { store, configuration in
            let server = try await PostgresServer.shared.value
            try await server.run(
                "do $$ begin create role onlooker login; exception when duplicate_object then null; end $$"
            )
            let database = configuration.parameters["dbname"] ?? ""
            let theirs = try server.configuration(database: database, user: "onlooker")
            let error = await storeFailure { try await self.database(theirs).initialize() }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.message.contains("42501") == true)
            try await store.checkHealth()
        }
    }

    @Test func aDatabaseWithoutWritesIsNoHealthyStore() async throws {
        try await withStore { store, configuration in
            try await store.checkHealth()
            var readOnly = configuration
            try readOnly.set("options", to: "-c default_transaction_read_only=on")
            let reader = try await open(readOnly)
            #expect(await storeFailure { try await reader.checkHealth() }?.message.contains("no writes") == true)
            #expect(await storeFailure { try await reader.admit(Sample.request()) }?.code == .storeUnavailable)
            #expect(try await reader.environments(matching: EnvironmentFilter()).isEmpty)
            await reader.close()
        }
    }

    @Test func theExampleOfTheDocumentationWorks() async throws {
        try await PostgresServer.shared.value.withDatabase { given in
            let address =
                "host=\(given.parameters["host"] ?? "") port=\(given.parameters["port"] ?? "") "
                + "dbname=\(given.parameters["dbname"] ?? "") user=postgres"
            let password = Secret("not asked for")
            var configuration = try PostgresConfiguration(address)
            configuration.password = password

            try await PostgresDatabase(configuration: configuration, time: .system, random: .system).initialize()

            let store = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            #expect(try await store.admit(Sample.request()).isNew)
            await store.close()
        }
    }

    @Test func aClosedStoreSaysSo() async throws {
        try await withStore { _, configuration in
            let store = try await open(configuration)
            await store.close()
            let error = await storeFailure { try await store.admit(Sample.request()) }
            #expect(error?.code == .storeUnavailable)
        }
    }
}

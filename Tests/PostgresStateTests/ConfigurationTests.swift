import AntidoteCore
import HostPrograms
import PostgresClient
import PostgresState
import Testing

@Suite struct ConfigurationTests {
    private static let password = "p@ss'w\\ord hunter2"

    @Test func aURIIsReadWithoutItsPassword() throws {
        let configuration = try PostgresConfiguration(
            "postgresql://lab:hunter2@db.example:6432/antidote?sslmode=verify-full&application_name=api"
        )
        #expect(configuration.parameters["host"] == "db.example")
        #expect(configuration.parameters["port"] == "6432")
        #expect(configuration.parameters["user"] == "lab")
        #expect(configuration.parameters["sslmode"] == "verify-full")
        #expect(configuration.parameters["application_name"] == "api")
        #expect(configuration.parameters["client_encoding"] == "UTF8")
        #expect(configuration.password?.reveal() == "hunter2")
        #expect(!"\(configuration)".contains("hunter2"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(configuration.place == "antidote at db.example, port 6432")
    }

    @Test func aGivenPasswordWins() throws {
        let text = "host=/run/postgresql dbname=antidote password=old"
        let configuration = try PostgresConfiguration(text, password: Secret("new"))
        #expect(configuration.password?.reveal() == "new")
    }

    @Test(arguments: [
        "host=x hunter2", "postgresql://u:hunter2@[::1/x", "nonsense=hunter2", "host=x password='hunter2",
        "host=x\0password=hunter2",
    ])
    func anUnreadableAddressIsNotRepeated(text: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func unknownParametersAreRefused() throws {
        #expect(throws: PostgresError.self) {
            try PostgresConfiguration(host: "x", database: "x", user: "x", parameters: ["slmode": "require"])
        }
        #expect(throws: PostgresError.self) {
            try PostgresConfiguration(host: "x", database: "x", user: "x", parameters: ["password": "x"])
        }
        var configuration = try PostgresConfiguration(host: "x", database: "x", user: "x")
        #expect(throws: PostgresError.self) { try configuration.set("password", to: "x") }
        #expect(throws: PostgresError.self) { try configuration.set("host", to: "a\0b") }
    }

    @Test func limitsThatCannotWorkAreRefused() throws {
        var configuration = try PostgresConfiguration(host: "x", database: "x", user: "x")
        configuration.poolSize = 0
        let none = configuration
        #expect(throws: PostgresError.self) { try PostgresPool(configuration: none, time: .system) }
        configuration.poolSize = 1
        configuration.patience = .zero
        let impatient = configuration
        #expect(throws: PostgresError.self) { try PostgresPool(configuration: impatient, time: .system) }
    }

    @Test func aPasswordWithEveryCharacterIsAccepted() async throws {
        let server = try await PostgresServer.shared.value
        let quoted = Self.password.replacing("'", with: "''")
        try await server.run("create role guarded_user login")
        try await server.withDatabase { _ in
            try await server.run("create database guarded")
            try await server.run("alter role guarded_user password E'\(quoted.replacing("\\", with: "\\\\"))'")
            var configuration = try server.configuration(database: "guarded", user: "guarded_user")
            configuration.password = Secret(Self.password)
            let connection = try PostgresConnection(configuration: configuration)
            #expect(try await connection.number("select 1::bigint") == 1)
            await connection.close()

            configuration.password = Secret("wrong-hunter2")
            let wrong = try PostgresConnection(configuration: configuration)
            let start = ContinuousClock.now
            let error = await failure { try await wrong.number("select 1::bigint") }
            // It does not try that again.
            #expect(start.duration(to: .now) < .seconds(3))
            #expect(error?.code == .authenticationFailed)
            #expect(error?.sqlState == "28P01")
            #expect(error?.antidoteError.code == .configurationInvalid)
            #expect(error?.antidoteError.debugDescription.contains("hunter2") == false)
            await wrong.close()

            let missing = try PostgresConnection(configuration: server.configuration(database: "nowhere"))
            #expect(await failure { try await missing.number("select 1::bigint") }?.code == .unknownDatabase)
            await missing.close()
        }
        try await server.run("drop database guarded with (force)")
    }

    @Test func nobodyThereIsSaid() async throws {
        var configuration = try PostgresConfiguration(
            host: "127.0.0.1",
            port: Loopback.freePort(),
            database: "x",
            user: "x"
        )
        configuration.patience = .milliseconds(100)
        let connection = try PostgresConnection(configuration: configuration)
        let error = await failure { try await connection.number("select 1::bigint") }
        #expect(error?.code == .cannotConnect)
        #expect(error?.message.contains("refused") == true)
        #expect(error?.place == configuration.place)
        #expect(error?.antidoteError.code == .storeUnavailable)
        await connection.close()
    }

    @Test func theServerCanBeToldWhoAsks() async throws {
        try await withConnection { connection, _ in
            let name = try await connection.transaction {
                try $0.finish(PostgresQuery("name", "select current_setting('application_name')")()).first?.text(0)
            }
            #expect(name == "antidote")
        }
    }
}

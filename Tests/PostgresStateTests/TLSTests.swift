import AntidoteCore
import PostgresClient
import PostgresState
import Testing

@Suite struct TLSTests {
    /// Its own authority, and a certificate for `localhost` only.
    private static let certificates = """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority \
            -keyout ca.key -out ca.crt 2>/dev/null
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
            -keyout data/server.key -out server.csr 2>/dev/null
        printf 'subjectAltName=DNS:localhost' >server.ext
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext \
            -out data/server.crt 2>/dev/null
        chmod 600 data/server.key
        chmod 644 ca.crt
        """

    private func connect(
        _ server: PostgresServer,
        host: String,
        _ parameters: [String: String]
    ) async throws -> PostgresConnection {
        var configuration = try PostgresConfiguration(
            host: host,
            port: server.port,
            database: "postgres",
            user: "postgres",
            parameters: parameters
        )
        configuration.patience = .milliseconds(500)
        return try PostgresConnection(configuration: configuration)
    }

    @Test func demandedTLSThatTheServerLacksIsAnError() async throws {
        let server = try await PostgresServer.shared.value
        let connection = try await connect(server, host: "127.0.0.1", ["sslmode": "require"])
        let error = await failure { try await connection.number("select 1::bigint") }
        #expect(error?.code == .tls)
        #expect(error?.antidoteError.code == .configurationInvalid)
        await connection.close()
    }

    @Test func certificatesAreChecked() async throws {
        let server = try await PostgresServer(settings: ["ssl = on"], prepare: Self.certificates)
        let authority = server.folder + "/ca.crt"
        let isEncrypted = "select count(*) from pg_stat_ssl where pid = pg_backend_pid() and ssl"

        let full = try await connect(server, host: "localhost", ["sslmode": "verify-full", "sslrootcert": authority])
        #expect(try await full.number(isEncrypted) == 1)
        #expect(try await full.number("select length(repeat('x', 1000000))::bigint") == 1_000_000)
        await full.close()

        let otherName = try await connect(
            server,
            host: "127.0.0.1",
            ["sslmode": "verify-full", "sslrootcert": authority]
        )
        let error = await failure { try await otherName.number("select 1::bigint") }
        #expect(error?.code == .tls)
        await otherName.close()

        let wrong = try await connect(
            server,
            host: "localhost",
            ["sslmode": "verify-ca", "sslrootcert": server.folder + "/data/server.crt"]
        )
        #expect(await failure { try await wrong.number("select 1::bigint") }?.code == .tls)
        await wrong.close()

        let off = try await connect(server, host: "127.0.0.1", ["sslmode": "disable"])
        #expect(try await off.number(isEncrypted) == 0)
        await off.close()
        server.stop()
    }

    /// What is cancelled over TLS is cancelled at the server too.
    @Test func cancellationReachesAServerWithTLS() async throws {
        let server = try await PostgresServer(settings: ["ssl = on"], prepare: Self.certificates)
        let connection = try await connect(server, host: "127.0.0.1", ["sslmode": "require"])
        _ = try await connection.number("select 1::bigint")
        let task = Task { try await connection.number("select count(*) from pg_sleep(600)") }
        let sleeping = "select count(*) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()"
        try await until("the server sleeps") {
            try await server.run(sleeping + " and state = 'active'") == ["1"]
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await until("the server sleeps no more") {
            try await server.run(sleeping + " and state = 'active'") == ["0"]
        }
        await connection.close()
        server.stop()
    }
}

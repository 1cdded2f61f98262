import AntidoteCore
import PostgresClient
import PostgresState
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct CancellationTests {
    private static let sleep = PostgresQuery("sleep", "select pg_sleep(600)::text")

    private func sleepers(_ observer: PostgresConnection) async throws -> Int64? {
        try await observer.number(
            """
            select count(*) from pg_stat_activity \
            where datname = current_database() and state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()
            """
        )
    }

    @Test func cancellationReachesTheServerAndUndoesTheTransaction() async throws {
        try await withConnection { connection, configuration in
            let observer = try PostgresConnection(configuration: configuration)
            try await observer.execute("create table kept (number bigint)")
            let task = Task {
                try await connection.transaction { transaction in
                    _ = try transaction.run(PostgresQuery("insert", "insert into kept values (1)")())
                    _ = try transaction.run(Self.sleep())
                }
            }
            try await until("the server sleeps") { try await sleepers(observer) == 1 }
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(start.duration(to: .now) < .seconds(2))
            try await until("the server sleeps no more") { try await sleepers(observer) == 0 }
            #expect(try await observer.number("select count(*) from kept") == 0)
            // It works again.
            #expect(try await connection.number("select 1::bigint") == 1)
            await observer.close()
        }
    }

    @Test func whoIsCancelledAlreadyAsksNothing() async throws {
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (number bigint)")
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                try await connection.execute("insert into kept values (1)")
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await connection.number("select count(*) from kept") == 0)
        }
    }

    @Test func aStatementHasADeadline() async throws {
        try await withConnection {
            $0.statementDeadline = .milliseconds(200)
        } _: { connection, configuration in
            let error = await failure {
                try await connection.transaction { transaction in _ = try transaction.run(Self.sleep()) }
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.antidoteError.code == .storeUnavailable)
            let observer = try PostgresConnection(configuration: configuration)
            try await until("the server sleeps no more") { try await sleepers(observer) == 0 }
            #expect(try await connection.number("select 1::bigint") == 1)
            await observer.close()
        }
    }

    /// A server that is stopped does not even hear that it is to cancel.
    @Test func aSilentServerIsGivenUp() async throws {
        let server = try await PostgresServer()
        var configuration = try server.configuration()
        configuration.statementDeadline = .milliseconds(200)
        configuration.cancelGrace = .milliseconds(200)
        configuration.connectTimeout = .milliseconds(300)
        configuration.patience = .milliseconds(300)
        let connection = try PostgresConnection(configuration: configuration)
        let backend = try #require(try await connection.number("select pg_backend_pid()"))
        let postmaster = try #require(try await server.run("select pg_read_file('postmaster.pid')").first)
        let pids = [Int32(backend), Int32(postmaster.prefix { $0 != "\n" }) ?? 0]
        for pid in pids { kill(pid, SIGSTOP) }
        let error = await failure { try await connection.number("select 1::bigint") }
        #expect(error?.code == .commitUnknown)
        let next = await failure { try await connection.number("select 1::bigint") }
        #expect(next?.code == .cannotConnect)
        for pid in pids { kill(pid, SIGCONT) }
        #expect(try await connection.number("select 1::bigint") == 1)
        await connection.close()
        server.stop()
    }
}

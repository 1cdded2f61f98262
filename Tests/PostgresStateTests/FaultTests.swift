import AntidoteCore
import Dispatch
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

@Suite struct FaultTests {
    @Test func aRestartOfTheServerIsHardlySeen() async throws {
        let server = try await PostgresServer()
        try await server.run("create table kept (number bigint primary key)")
        var configuration = try server.configuration()
        configuration.patience = .seconds(30)
        let pool = try PostgresPool(configuration: configuration, time: .system)
        let insert = PostgresQuery("insert", "insert into kept values ($1) on conflict do nothing")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in 0..<100 {
                        if worker == 0, number == 20 || number == 60 { server.restart() }
                        try await pool.transaction(isRepeatable: true) { transaction in
                            _ = try transaction.run(insert(.integer(worker * 1000 + number)))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await server.run("select count(*) from kept") == ["800"])
        await pool.close()
        server.stop()
    }

    @Test func aBackendThatIsKilledTakesNothingWithIt() async throws {
        try await withConnection { connection, configuration in
            let killer = try PostgresConnection(configuration: configuration)
            try await killer.execute("create table kept (number bigint)")
            let insert = PostgresQuery("insert", "insert into kept values (1)")
            let pid = PostgresQuery("pid", "select pg_backend_pid()")
            let attempts = Counter()
            // Run again by itself: nothing can have been kept.
            try await connection.transaction { transaction in
                let backend = try transaction.run([insert(), pid()])[1].first?.integer(0) ?? 0
                if attempts.increment() == 1 { try terminate(backend, configuration) }
                _ = try transaction.run(insert())
            }
            #expect(attempts.value == 2)
            #expect(try await killer.number("select count(*) from kept") == 2)
            await killer.close()
        }
    }

    /// As a process that is stopped, or cut off, in the middle of a transaction.
    @Test func whoStopsInATransactionKeepsNobodyWaiting() async throws {
        let impatient = { (configuration: inout PostgresConfiguration) in configuration.statementDeadline = .seconds(2)
        }
        try await withConnection(impatient) { holder, configuration in
            let other = try PostgresConnection(configuration: configuration)
            let lock = PostgresQuery("lock", "select pg_advisory_xact_lock(7)")
            let (isHeld, isOver, attempts) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), Counter())
            async let held: Void = holder.transaction { transaction in
                _ = try transaction.run(lock())
                guard attempts.increment() == 1 else { return }
                isHeld.signal()
                isOver.wait()
            }
            try await other.transaction { transaction in
                isHeld.wait()
                _ = try transaction.run(lock())
                isOver.signal()
            }
            // Its connection is gone, and so it was run again.
            try await held
            #expect(attempts.value == 2)
            await other.close()
        }
    }

    @Test func aConnectionThatBreaksDuringTheCommitSaysThatItDoesNotKnow() async throws {
        try await withConnection { connection, configuration in
            try await connection.execute("create table kept (number bigint)")
            // The last statement ends its own connection: the commit behind it is never answered.
            let end = PostgresQuery("end", "select pg_terminate_backend(pg_backend_pid())")
            let insert = PostgresQuery("insert", "insert into kept values (1)")
            let error = await failure {
                try await connection.transaction { try $0.finish([insert(), end()]).count }
            }
            #expect(error?.code == .commitUnknown)
            #expect(error?.antidoteError.code == .storeUnavailable)
            #expect(try await connection.number("select count(*) from kept") == 0)
        }
    }

    @Test func anIdleConnectionThatWasEndedIsNotUsedAgain() async throws {
        try await withConnection { connection, configuration in
            let backend = try #require(try await connection.number("select pg_backend_pid()"))
            let killer = try PostgresConnection(configuration: configuration)
            try await killer.execute("select pg_terminate_backend($1::bigint::integer)", .integer(backend))
            try await until("the backend is gone") {
                try await killer.number("select count(*) from pg_stat_activity where pid = $1", .integer(backend)) == 0
            }
            // Not repeatable, and yet it succeeds: it was seen before anything was sent.
            let next = try await connection.number("select pg_backend_pid()")
            #expect(next != nil && next != backend)
            await killer.close()
        }
    }

    @Test func anIdleConnectionIsAskedWhetherItWorks() async throws {
        try await withConnection {
            $0.idleCheck = .nanoseconds(1)
        } _: { connection, _ in
            let backend = try await connection.number("select pg_backend_pid()")
            #expect(try await connection.number("select pg_backend_pid()") == backend)
        }
    }

    @Test func spentConnectionsAreNamedAndWaitedFor() async throws {
        let server = try await PostgresServer(settings: ["max_connections = 5", "superuser_reserved_connections = 0"])
        var configuration = try server.configuration()
        configuration.patience = .milliseconds(200)
        var taken: [PostgresConnection] = []
        for _ in 0..<5 {
            let connection = try PostgresConnection(configuration: configuration)
            _ = try await connection.number("select 1::bigint")
            taken.append(connection)
        }
        let late = try PostgresConnection(configuration: configuration)
        let error = await failure { try await late.number("select 1::bigint") }
        #expect(error?.code == .tooManyConnections)
        #expect(error?.sqlState == "53300")
        #expect(error?.antidoteError.code == .storeUnavailable)
        await taken[0].close()
        configuration.patience = .seconds(30)
        let patient = try PostgresConnection(configuration: configuration)
        #expect(try await patient.number("select 1::bigint") == 1)
        for connection in taken + [late, patient] { await connection.close() }
        server.stop()
    }

    @Test func aServerWithoutWritesSaysSo() async throws {
        try await withConnection { connection, configuration in
            try await connection.execute("create table kept (number bigint)")
            var readOnly = configuration
            try readOnly.set("options", to: "-c default_transaction_read_only=on")
            let reader = try PostgresConnection(configuration: readOnly)
            let error = await failure { try await reader.execute("insert into kept values (1)") }
            #expect(error?.code == .readOnly)
            #expect(error?.antidoteError.code == .storeUnavailable)
            #expect(try await reader.number("select count(*) from kept") == 0)
            await reader.close()
        }
    }

    @Test func whoMayNotIsTold() async throws {
        try await withConnection { connection, configuration in
            try await connection.execute("create table kept (number bigint)")
            try await connection.execute(
                "do $$ begin create role nobody_here login; exception when duplicate_object then null; end $$"
            )
            let server = try await PostgresServer.shared.value
            let database = configuration.parameters["dbname"] ?? ""
            let stranger = try PostgresConnection(
                configuration: server.configuration(database: database, user: "nobody_here")
            )
            let error = await failure { try await stranger.execute("insert into kept values (1)") }
            #expect(error?.code == .insufficientPrivilege)
            await stranger.close()
        }
    }

    private func terminate(_ backend: Int64, _ configuration: PostgresConfiguration) throws {
        #expect(kill(Int32(backend), SIGTERM) == 0)
        // Its end is only seen when it is there.
        while kill(Int32(backend), 0) == 0 { sched_yield() }
    }
}

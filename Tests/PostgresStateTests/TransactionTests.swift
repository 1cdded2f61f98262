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

@Suite struct TransactionTests {
    private struct Refused: Error {}

    @Test func whatReturnsIsKeptAndWhatThrowsIsNot() async throws {
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (number bigint)")
            let insert = PostgresQuery("insert", "insert into kept values ($1)")
            try await connection.transaction { transaction in
                _ = try transaction.run([insert(.integer(1)), insert(.integer(2))])
                _ = try transaction.run(insert(.integer(3)))
            }
            try await connection.transaction { transaction in
                _ = try transaction.run(insert(.integer(4)))
                try transaction.finish([insert(.integer(5))])
            }
            await #expect(throws: Refused.self) {
                try await connection.transaction { transaction in
                    _ = try transaction.run(insert(.integer(100)))
                    throw Refused()
                }
            }
            #expect(try await connection.number("select sum(number)::bigint from kept") == 15)
        }
    }

    @Test func statementsSentTogetherAreOneTransaction() async throws {
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (number bigint primary key)")
            let insert = PostgresQuery("insert", "insert into kept values ($1)")
            let error = await failure {
                try await connection.transaction { transaction in
                    try transaction.finish([insert(.integer(1)), insert(.integer(2)), insert(.integer(1))]).count
                }
            }
            #expect(error?.code == .duplicate)
            #expect(try await connection.number("select count(*) from kept") == 0)
        }
    }

    @Test func aFailureInTheMiddleUndoesAllAndTheConnectionGoesOn() async throws {
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (number bigint primary key)")
            let insert = PostgresQuery("insert", "insert into kept values ($1)")
            let error = await failure {
                try await connection.transaction { transaction in
                    _ = try transaction.run(insert(.integer(1)))
                    _ = try transaction.run([insert(.integer(1)), PostgresQuery("after", "select 1")()])
                }
            }
            #expect(error?.code == .duplicate)
            let backend = try await connection.number("select pg_backend_pid()")
            #expect(try await connection.number("select count(*) from kept") == 0)
            #expect(try await connection.number("select pg_backend_pid()") == backend)
        }
    }

    @Test func nothingCanComeAfterTheEnd() async throws {
        try await withConnection { connection, _ in
            let one = PostgresQuery("one", "select 1")
            let error = await failure {
                try await connection.transaction { transaction in
                    try transaction.finish([one()])
                    _ = try transaction.run(one())
                }
            }
            #expect(error?.code == .valueRefused)
        }
    }

    @Test func aQueryIsPreparedOnce() async throws {
        try await withConnection { connection, _ in
            let query = PostgresQuery("counted", "select $1::bigint")
            for number in 0..<3 {
                let back = try await connection.transaction { try $0.finish(query(.integer(number))).first?.integer(0) }
                #expect(back == Int64(number))
            }
            let prepared = try await connection.number(
                "select count(*) from pg_prepared_statements where name = 'counted'"
            )
            #expect(prepared == 1)
            let error = await failure {
                try await connection.transaction { try $0.finish(query(.text("x"))).count }
            }
            #expect(error?.code == .valueRefused)
        }
    }

    @Test func aStatementThatCannotBePreparedIsPreparedLater() async throws {
        try await withConnection { connection, _ in
            let query = PostgresQuery("later", "select count(*) from later")
            let error = await failure { try await connection.transaction { try $0.finish(query()).count } }
            #expect(error?.code == .wrongSchema)
            #expect(error?.antidoteError.code == .configurationInvalid)
            try await connection.execute("create table later ()")
            #expect(try await connection.transaction { try $0.finish(query()).first?.integer(0) } == 0)
        }
    }

    /// Each wants the row that the other has.
    @Test func aDeadlockIsTriedAgain() async throws {
        try await withConnection { first, configuration in
            try await first.execute("create table kept (number bigint primary key, count bigint)")
            try await first.execute("insert into kept values (1, 0), (2, 0)")
            let second = try PostgresConnection(configuration: configuration)
            let add = PostgresQuery("add", "update kept set count = count + 1 where number = $1")
            let attempts = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (connection, order) in [(first, [1, 2]), (second, [2, 1])] {
                    group.addTask {
                        try await connection.transaction { transaction in
                            _ = try transaction.run(add(.integer(order[0])))
                            attempts.increment()
                            // On a thread of the connection's own.
                            while attempts.value < 2 { sched_yield() }
                            _ = try transaction.run(add(.integer(order[1])))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(attempts.value > 2)
            #expect(try await first.number("select sum(count)::bigint from kept") == 4)
            await second.close()
        }
    }

    @Test func severalStatementsBelongTogetherWhoeverElseWantsTheConnection() async throws {
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (number bigint)")
            let count = PostgresQuery("count", "select count(*) from kept")
            let insert = PostgresQuery("insert", "insert into kept values (1)")
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await connection.transaction { transaction in
                            let before = try transaction.run(count()).first?.integer(0) ?? -1
                            _ = try transaction.run(insert())
                            let after = try transaction.run(count()).first?.integer(0) ?? -1
                            return after == before + 1
                        }
                    }
                }
                for try await isAlone in group { #expect(isAlone) }
            }
        }
    }
}

import AntidoteCore
import Foundation
import PostgresClient
import PostgresState
import Testing

@Suite struct PoolTests {
    private func withPool<Result>(
        _ size: Int,
        _ change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresPool) async throws -> Result
    ) async throws -> Result {
        try await PostgresServer.shared.value.withDatabase { configuration in
            var configuration = configuration
            configuration.poolSize = size
            change(&configuration)
            let pool = try PostgresPool(configuration: configuration, time: .system)
            let result = try await body(pool)
            await pool.close()
            return result
        }
    }

    @Test func aThousandBorrowersShareFourConnections() async throws {
        try await withPool(4) {
            $0.borrowDeadline = .seconds(60)
        } _: { pool in
            let most = Counter()
            let now = Counter()
            let one = PostgresQuery("one", "select pg_backend_pid()")
            let backends = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            if now.increment() > 4 { most.increment() }
                            defer { now.increment(by: -1) }
                            return try await connection.transaction { try $0.finish(one()).first?.integer(0) ?? 0 }
                        }
                    }
                }
                return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
            }
            #expect(most.value == 0)
            #expect((1...4).contains(backends.count))
            #expect(pool.load.leased == 0)
            #expect(pool.load.open <= 4)
            #expect(pool.load.waiting == 0)
        }
    }

    @Test func whoWaitsTooLongIsTold() async throws {
        try await withPool(1) {
            $0.borrowDeadline = .milliseconds(100)
        } _: { pool in
            let error = try await pool.withConnection { _ in
                await failure { try await pool.withConnection { _ in } }
            }
            #expect(error?.code == .poolExhausted)
            #expect(error?.antidoteError.code == .storeUnavailable)
            #expect(pool.load.waiting == 0)
            let one = try await pool.withConnection { try await $0.number("select 1::bigint") }
            #expect(one == 1)
        }
    }

    @Test func whoIsCancelledWaitsNoMore() async throws {
        try await withPool(1) {
            $0.borrowDeadline = .seconds(600)
        } _: { pool in
            try await pool.withConnection { _ in
                let waiter = Task { try await pool.withConnection { _ in } }
                try await until("somebody waits") { pool.load.waiting == 1 }
                waiter.cancel()
                await #expect(throws: CancellationError.self) { try await waiter.value }
                #expect(pool.load.waiting == 0)
                let late = Task {
                    while !Task.isCancelled { await Task.yield() }
                    try await pool.withConnection { _ in }
                }
                late.cancel()
                await #expect(throws: CancellationError.self) { try await late.value }
            }
            #expect(pool.load.leased == 0)
        }
    }

    @Test func firstComeFirstServed() async throws {
        try await withPool(1) {
            $0.borrowDeadline = .seconds(60)
        } _: { pool in
            let served = Recorder()
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await pool.withConnection { _ in
                    for number in 0..<20 {
                        group.addTask { try await pool.withConnection { _ in served.add(number) } }
                        try await until("it waits") { pool.load.waiting == number + 1 }
                    }
                }
                try await group.waitForAll()
            }
            #expect(served.numbers == Array(0..<20))
        }
    }

    @Test func closingWaitsForWhatIsLentAndRefusesTheRest() async throws {
        try await withPool(1) {
            $0.borrowDeadline = .seconds(60)
        } _: { pool in
            let closing = try await pool.withConnection { connection in
                let waiter = Task { try await pool.withConnection { _ in } }
                try await until("somebody waits") { pool.load.waiting == 1 }
                let closing = Task { await pool.close() }
                let error = await failure { try await waiter.value }
                #expect(error?.code == .shutdown)
                // What is lent goes on working.
                #expect(try await connection.number("select 1::bigint") == 1)
                return closing
            }
            await closing.value
            #expect(pool.load.open == 0)
            let error = await failure { try await pool.withConnection { _ in } }
            #expect(error?.code == .shutdown)
            #expect(error?.antidoteError.code == .storeUnavailable)
        }
    }

    #if os(Linux)
    /// Other tests run in this process too, but none of them has so many.
    @Test func manyConnectionsLeaveNothingBehind() async throws {
        func count(_ folder: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
        }
        let descriptors = try count("fd")
        let threads = try count("task")
        for _ in 0..<60 {
            try await withPool(10) { pool in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask { try await pool.withConnection { _ = try await $0.number("select 1::bigint") } }
                    }
                    try await group.waitForAll()
                }
            }
        }
        // A thread ends a moment after its connection.
        try await until("threads and descriptors are given back") {
            try count("fd") < descriptors + 200 && count("task") < threads + 200
        }
    }
    #endif
}

package import AntidoteCore
import ConcurrencyKit
import Metrics
import Synchronization

/// A bounded number of connections, which callers lease in the order of their calls.
package final class PostgresPool: Sendable {
    package let configuration: PostgresConfiguration
    private let time: TimeSource
    private let metrics: PostgresMetrics
    private let state: Mutex<PoolState<PostgresConnection>>

    /// Connects to nothing yet.
    /// - Throws: ``PostgresError`` `invalidConfiguration`.
    package init(
        configuration: PostgresConfiguration,
        time: TimeSource,
        metrics: PostgresMetrics = PostgresMetrics()
    ) throws(PostgresError) {
        try configuration.checkLimits()
        self.configuration = configuration
        self.time = time
        self.metrics = metrics
        state = Mutex(PoolState(size: configuration.poolSize))
    }

    /// Runs `body` as a transaction of a connection that is free, as ``PostgresConnection`` describes it.
    /// - Throws: ``PostgresError``, `CancellationError`, or what `body` threw.
    package func transaction<Value: Sendable>(
        isRepeatable: Bool = false,
        isPatient: Bool = true,
        _ body: @Sendable (PostgresTransaction) throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            try await connection.transaction(isRepeatable: isRepeatable, isPatient: isPatient, body)
        }
    }

    /// Leases a connection for the duration of `body`.
    package func withConnection<Value>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        let connection = try await lease()
        defer { giveBack(connection) }
        return try await body(connection)
    }

    /// The number of leased and of open connections, and of calls that wait for one.
    package var load: (leased: Int, open: Int, waiting: Int) {
        state.withLock { ($0.leased, $0.count, $0.waiting) }
    }

    /// Leases no more connections, waits for the leased ones, and ends them all. Waiting calls fail with `shutdown`.
    package func close() async {
        for wakeup in state.withLock({ $0.close(PostgresError.poolClosed) }) { wakeup() }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { $0.whenAllAreBack(continuation) }
            if isEmpty { continuation.resume() }
        }
        let connections = state.withLock { $0.takeAll() }
        for connection in connections { await connection.close() }
    }

    private func lease() async throws -> PostgresConnection {
        try Task.checkCancellation()
        switch state.withLock({ $0.reserve() }) {
        case .leased(let connection): return connection
        case .new: return try newConnection()
        case .closed: throw PostgresError.poolClosed
        case .wait(let waiter):
            metrics.waits.increment()
            let start = time.uptime()
            defer { metrics.waitTime.recordNanoseconds((time.uptime() - start).wholeMicroseconds &* 1000) }
            return try await connection(for: waiter)
        }
    }

    private func connection(for waiter: Waiter<PostgresConnection>) async throws -> PostgresConnection {
        let limit = configuration.borrowDeadline
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [time] in
                try await time.sleep(limit)
                waiter.resume(throwing: PostgresError.exhausted(limit))
            }
            defer { group.cancelAll() }
            return try await waiter.value()
        }
    }

    private func newConnection() throws -> PostgresConnection {
        do throws(PostgresError) {
            return try PostgresConnection(configuration: configuration, metrics: metrics)
        } catch {
            for wakeup in state.withLock({ $0.connectFailed(error) }) { wakeup() }
            throw error
        }
    }

    private func giveBack(_ connection: PostgresConnection) {
        for wakeup in state.withLock({ $0.giveBack(connection) }) { wakeup() }
    }
}

extension PostgresError {
    package static let poolClosed = PostgresError(.shutdown, "the pool of connections was closed")

    package static func exhausted(_ limit: Duration) -> PostgresError {
        PostgresError(
            .poolExhausted,
            "no connection became free within \(limit)",
            advice: "Make the pool larger, or look why transactions take long"
        )
    }
}

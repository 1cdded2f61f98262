package import AntidoteCore
import Metrics
import Synchronization

/// A bounded number of connections, lent first come, first served.
package final class PostgresPool: Sendable {
    package let configuration: PostgresConfiguration
    private let time: TimeSource
    private let metrics: PostgresMetrics
    private let state: Mutex<LendingDesk<PostgresConnection>>

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
        state = Mutex(LendingDesk(size: configuration.poolSize))
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

    /// Lends a connection to `body`.
    package func withConnection<Value>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await body(connection)
    }

    /// How many connections are lent, how many there are, and how many calls wait for one.
    package var load: (lent: Int, open: Int, waiting: Int) {
        state.withLock { ($0.lent, $0.count, $0.waiting) }
    }

    /// Lends none any more, waits for those that are lent, and ends them all. Calls that wait fail with `shutdown`.
    package func close() async {
        let refused = state.withLock { $0.close() }
        for waiter in refused { waiter.resume(throwing: PostgresError.poolClosed) }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { $0.whenAllAreBack(continuation) }
            if isEmpty { continuation.resume() }
        }
        let connections = state.withLock { $0.takeAll() }
        for connection in connections { await connection.close() }
    }

    private func borrow() async throws -> PostgresConnection {
        try Task.checkCancellation()
        let answer = state.withLock { $0.take() }
        guard case .wait = answer else { return try connection(answer) }
        metrics.waits.increment()
        let start = time.uptime()
        defer { metrics.waitTime.recordNanoseconds((time.uptime() - start).wholeMicroseconds &* 1000) }
        return try await wait()
    }

    private func wait() async throws -> PostgresConnection {
        let place = state.withLock { $0.drawPlace() }
        let limit = configuration.borrowDeadline
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [time] in
                try await time.sleep(limit)
                self.dismiss(place, PostgresError.exhausted(limit))
            }
            defer { group.cancelAll() }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let answer = state.withLock { $0.enter(place, continuation) }
                    if case .wait = answer { return }
                    continuation.resume(with: Result { try connection(answer) })
                }
            } onCancel: {
                dismiss(place, CancellationError())
            }
        }
    }

    private func connection(_ answer: LendingDesk<PostgresConnection>.Answer) throws -> PostgresConnection {
        switch answer {
        case .lent(let connection): return connection
        case .new: return try newConnection()
        case .closed: throw PostgresError.poolClosed
        case .left, .wait:
            try Task.checkCancellation()
            throw PostgresError.exhausted(configuration.borrowDeadline)
        }
    }

    private func newConnection() throws -> PostgresConnection {
        do throws(PostgresError) {
            return try PostgresConnection(configuration: configuration, metrics: metrics)
        } catch {
            let (refused, allAreBack) = state.withLock { $0.giveUpPlace() }
            for waiter in refused { waiter.resume(throwing: error) }
            for continuation in allAreBack { continuation.resume() }
            throw error
        }
    }

    /// Whoever is not there any more has a connection already, or was refused.
    private func dismiss(_ place: Int, _ error: any Error) {
        state.withLock { $0.leave(place) }?.resume(throwing: error)
    }

    private func giveBack(_ connection: PostgresConnection) {
        let (waiter, allAreBack) = state.withLock { $0.giveBack(connection) }
        waiter?.resume(returning: connection)
        for continuation in allAreBack { continuation.resume() }
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

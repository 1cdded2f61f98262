import AntidoteCore
import ConcurrencyKit
import Metrics

/// A connection to the server that makes itself anew when it has to.
///
/// It runs on a thread of its own, which waits for the server. What a transaction does there is a synchronous closure, so
/// that nothing of another call comes between.
package actor PostgresConnection {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { owner.thread.asUnownedSerialExecutor() }

    private nonisolated let owner: BlockingThreadOwner
    private nonisolated let configuration: PostgresConfiguration
    private nonisolated let metrics: PostgresMetrics
    private var session: PostgresSession?
    private var hasBeenOpen = false
    private var isClosed = false

    /// Starts its thread; connects only when it is used.
    /// - Throws: ``PostgresError`` `noResources`.
    package init(
        configuration: PostgresConfiguration,
        metrics: PostgresMetrics = PostgresMetrics()
    )
        throws(PostgresError)
    {
        self.configuration = configuration
        self.metrics = metrics
        do throws(ThreadError) {
            owner = try BlockingThreadOwner()
        } catch {
            throw .noResources("no \(error.resource.rawValue)", error.systemError)
        }
    }

    /// Runs `body` as one transaction, and commits it when it returns, unless it did. It is undone when it throws.
    ///
    /// It is run again, within bounds, when it lost against another transaction, and when the connection broke before
    /// anything can have been kept. Cancelling the task stops the statement at the server and throws
    /// `CancellationError`, after which nothing was kept, unless it was being committed.
    /// - Parameters:
    ///   - isRepeatable: Whether it does no harm to do it twice, so that it may also be run again when it is not known
    ///     whether it was kept.
    ///   - isPatient: Whether a server that takes no connection is waited for.
    /// - Throws: ``PostgresError``, `CancellationError`, or what `body` threw.
    package nonisolated func transaction<Value: Sendable>(
        isRepeatable: Bool = false,
        isPatient: Bool = true,
        _ body: @Sendable (PostgresTransaction) throws -> Value
    ) async throws -> Value {
        let control = CallControl(wakePipe: owner.thread.wakePipe, patience: configuration.patience)
        return try await withTaskCancellationHandler {
            try await perform(body, isRepeatable: isRepeatable, isPatient: isPatient, control: control)
        } onCancel: {
            control.cancel()
        }
    }

    /// Ends the connection. It is not opened again.
    package func close() {
        isClosed = true
        session = nil
    }

    private func perform<Value>(
        _ body: @Sendable (PostgresTransaction) throws -> Value,
        isRepeatable: Bool,
        isPatient: Bool,
        control: CallControl
    ) throws -> Value {
        var attempt = 0
        while true {
            do {
                return try performOnce(body, control: control)
            } catch let error as PostgresError
                where error.isWorthRepeating || (isRepeatable && error.code == .commitUnknown)
            {
                attempt += 1
                let isOver = ContinuousClock.now >= control.patience
                guard attempt < configuration.attempts || (isPatient && error.isOfConnecting), !isOver else {
                    throw error
                }
                try control.pause(pause(afterAttempt: attempt))
            }
        }
    }

    private func performOnce<Value>(
        _ body: @Sendable (PostgresTransaction) throws -> Value,
        control: CallControl
    ) throws -> Value {
        try control.check()
        let session = try workingSession(control)
        let transaction = PostgresTransaction(session: session, control: control, metrics: metrics)
        defer { if session.isSpent { self.session = nil } }
        do {
            let value = try body(transaction)
            try transaction.finishIfNeeded()
            return value
        } catch {
            transaction.undo()
            throw error
        }
    }

    private func workingSession(_ control: CallControl) throws -> PostgresSession {
        guard !isClosed else { throw PostgresError.closed }
        if let session {
            if !session.hasEnded(), hasAnswered(session, control) { return session }
            self.session = nil
            try control.check()
        }
        let opening = SessionOpening(
            configuration: configuration,
            wakePipe: owner.thread.wakePipe,
            control: control
        )
        let opened = try opening.open()
        if hasBeenOpen { metrics.reconnects.increment() }
        hasBeenOpen = true
        session = opened
        return opened
    }

    /// Whether the server still answers, if it was not asked for long: a network may forget a connection silently.
    private func hasAnswered(_ session: PostgresSession, _ control: CallControl) -> Bool {
        guard session.lastUse.duration(to: .now) > configuration.idleCheck else { return true }
        do {
            _ = try session.roundTrip([], control: control)
            return true
        } catch {
            return false
        }
    }

    /// Differs between connections, so that two that conflicted do not conflict again.
    private func pause(afterAttempt attempt: Int) -> Duration {
        Backoff(first: .milliseconds(10), longest: .seconds(1), jitter: 0.5)
            .pause(before: attempt, random: Double(abs(ObjectIdentifier(owner).hashValue % 64)) / 64)
    }
}

extension PostgresError {
    package static let closed = PostgresError(.shutdown, "the connection was closed")

    /// Whether trying again costs the server next to nothing.
    fileprivate var isOfConnecting: Bool { [.cannotConnect, .notAccepting, .tooManyConnections].contains(code) }
}

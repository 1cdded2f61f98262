import AntidoteCore
import Metrics

/// A connection to the server that makes itself anew when it has to.
///
/// It runs on a thread of its own, which waits for the server. What a transaction does there is a synchronous closure, so
/// that nothing of another call comes between.
package actor PostgresConnection {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { owner.thread.asUnownedSerialExecutor() }

    private nonisolated let owner: ThreadOwner
    private nonisolated let configuration: PostgresConfiguration
    private nonisolated let metrics: PostgresMetrics
    private var link: Link?
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
        owner = try ThreadOwner()
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
        let control = CallControl(doorbell: owner.thread.doorbell, patience: configuration.patience)
        return try await withTaskCancellationHandler {
            try await perform(body, isRepeatable: isRepeatable, isPatient: isPatient, control: control)
        } onCancel: {
            control.cancel()
        }
    }

    /// Ends the connection. It is not opened again.
    package func close() {
        isClosed = true
        link = nil
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
        let link = try workingLink(control)
        let transaction = PostgresTransaction(link: link, control: control, metrics: metrics)
        defer { if link.isSpent { self.link = nil } }
        do {
            let value = try body(transaction)
            try transaction.finishIfNeeded()
            return value
        } catch {
            transaction.undo()
            throw error
        }
    }

    private func workingLink(_ control: CallControl) throws -> Link {
        guard !isClosed else { throw PostgresError.closed }
        if let link {
            if !link.hasEnded(), hasAnswered(link, control) { return link }
            self.link = nil
            try control.check()
        }
        let opening = LinkOpening(configuration: configuration, doorbell: owner.thread.doorbell, control: control)
        let opened = try opening.open()
        if hasBeenOpen { metrics.reconnects.increment() }
        hasBeenOpen = true
        link = opened
        return opened
    }

    /// Whether the server still answers, if it was not asked for long: a network may forget a connection silently.
    private func hasAnswered(_ link: Link, _ control: CallControl) -> Bool {
        guard link.lastUse.duration(to: .now) > configuration.idleCheck else { return true }
        do {
            _ = try link.roundTrip([], control: control)
            return true
        } catch {
            return false
        }
    }

    /// Doubles from 10 ms to a second, and differs between connections, so that two that met do not meet again.
    private func pause(afterAttempt attempt: Int) -> Duration {
        let doubled = min(10 << min(attempt - 1, 7), 1000)
        let share = abs(ObjectIdentifier(owner).hashValue % 64)
        return .milliseconds(doubled * (64 + share) / 128)
    }
}

extension PostgresError {
    package static let closed = PostgresError(.shutdown, "the connection was closed")

    /// Whether trying again costs the server next to nothing.
    fileprivate var isOfConnecting: Bool { [.cannotConnect, .notAccepting, .tooManyConnections].contains(code) }
}

import ConcurrencyKit

/// The clocks that the core is given, so that a test or a simulation can own time.
///
/// A value rather than a `Clock`, because `any Clock<Duration>` offers no usable `now`.
public struct TimeSource: Sendable {
    /// Wall-clock time: for records and people, never for measuring.
    public let now: @Sendable () -> Timestamp
    /// Time since some fixed moment, which never jumps: for deadlines and leases.
    public let uptime: @Sendable () -> Duration
    /// Sleeps at least this long; throws `CancellationError` as soon as the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// `nil`: deadlines are waited for with ``sleep``, by a task each.
    let timers: TimerQueue?

    /// Time that these functions tell and wait for.
    public init(
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.init(now: now, uptime: uptime, sleep: sleep, timers: nil)
    }

    init(
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        timers: TimerQueue?
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
        self.timers = timers
    }
}

extension TimeSource {
    /// Runs `operation`, and cancels it when `limit` is over: then `onTimeout` is thrown.
    public func withDeadline<Value: Sendable>(
        _ limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        if let timers { return try await timers.within(limit, onTimeout: onTimeout(), operation: operation) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            let hasEnded = group.addTaskAtOnce { try await operation() }
            if !hasEnded {
                group.addTask {
                    try await sleep(limit)
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                guard let value = finished else { throw onTimeout() }
                return value
            }
            throw CancellationError()
        }
    }

    /// Runs `operation` to its end although this task is cancelled, but no longer than `limit`: then it is cancelled
    /// itself, and `onTimeout` is thrown.
    ///
    /// For what a task must still write after it was cancelled. A network client refuses to work for a cancelled task.
    public func shielded<Value: Sendable>(
        atMost limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let end = Flag()
        let task = Task.shielded {
            defer { end.set() }
            return try await operation()
        }
        if end.isSet { return try await task.value }
        if let timers { return try await timers.value(of: task, within: limit, onTimeout: onTimeout()) }
        let wait = Task.shielded {
            try await withDeadline(limit, onTimeout: onTimeout()) {
                try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
            }
        }
        return try await wait.value
    }
}

extension WakeSignal {
    /// Returns at the next signal, after `limit`, or when the task is cancelled. False means that `limit` has passed; there
    /// may have been a signal as well.
    @discardableResult
    func wait(atMost limit: Duration, on time: TimeSource) async -> Bool {
        if takePending() { return true }
        if let timers = time.timers {
            let end = Flag()
            // One that is due just after the waiter has left is kept, and wakes the next one for nothing.
            let timer = timers.set(after: limit) {
                end.set()
                self.signal()
            }
            await wait()
            timers.cancel(timer)
            return !end.isSet
        }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.wait()
                return true
            }
            group.addTask {
                try? await time.sleep(limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

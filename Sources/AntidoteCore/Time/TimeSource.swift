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
    let alarms: AlarmClock?

    /// Time that these functions tell and wait for.
    public init(
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.init(now: now, uptime: uptime, sleep: sleep, alarms: nil)
    }

    init(
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        alarms: AlarmClock?
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
        self.alarms = alarms
    }
}

extension TimeSource {
    /// Runs `operation`, and cancels it when `limit` is over: then `onTimeout` is thrown.
    public func withDeadline<Value: Sendable>(
        _ limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        if let alarms { return try await alarms.within(limit, onTimeout: onTimeout(), operation: operation) }
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
}

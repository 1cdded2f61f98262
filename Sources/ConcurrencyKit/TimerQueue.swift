import Synchronization

/// Calls functions at given times. For deadlines: there are many and nearly all are cancelled, so setting and cancelling
/// one costs neither a timer of the system nor a thread.
package final class TimerQueue: Sendable {
    package typealias ID = Int

    /// By time, and in the order of the calls within one.
    private struct Moment: Comparable {
        var time: Duration
        var id: ID

        static func < (left: Moment, right: Moment) -> Bool { (left.time, left.id) < (right.time, right.id) }
    }

    private struct State {
        var actions: [ID: @Sendable () -> Void] = [:]
        var order = KeyedHeap<ID, Moment>(slack: 1024)
        var last = 0
        /// When the sleeping tasks wake. A timer that is sooner than all of them starts another task.
        var sleepers: [Duration] = []

        /// Returns true if no sleeper wakes by `time`, in which case the caller must.
        mutating func mustSleep(until time: Duration) -> Bool {
            guard sleepers.allSatisfy({ time < $0 }) else { return false }
            sleepers.append(time)
            return true
        }
    }

    private let uptime: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Mutex(State())

    package init(
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.uptime = uptime
        self.sleep = sleep
    }

    /// Calls `action` once, after `delay`, unless the timer is cancelled.
    package func set(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> ID {
        let time = uptime() + delay
        let (id, mustSleep) = state.withLock { state in
            state.last += 1
            state.actions[state.last] = action
            state.order.set(Moment(time: time, id: state.last), for: state.last)
            return (state.last, state.mustSleep(until: time))
        }
        if mustSleep { wake(at: time) }
        return id
    }

    /// Cancels a timer. Does nothing if its action was called.
    package func cancel(_ id: ID) {
        state.withLock { state in
            state.actions[id] = nil
            state.order.set(nil, for: id)
        }
    }

    /// The number of timers that are set.
    package var count: Int { state.withLock { $0.actions.count } }

    /// The number of timers that are kept, cancelled ones included.
    package var remembered: Int { state.withLock { $0.order.entryCount } }

    /// The number of tasks that sleep until a timer is due.
    package var sleeping: Int { state.withLock { $0.sleepers.count } }

    private func wake(at time: Duration) {
        // The queue outlives its callers, so the task belongs to none of them.
        Task.detach { [self] in
            var time = time
            while true {
                // It is never cancelled.
                try? await sleep(max(.zero, time - uptime()))
                guard let next = callDue(at: time) else { return }
                time = next
            }
        }
    }

    /// Returns when to wake next, or `nil` if another task wakes soon enough or no timer is set.
    private func callDue(at time: Duration) -> Duration? {
        let now = uptime()
        let (due, next) = state.withLock { state in
            var due: [@Sendable () -> Void] = []
            while let id = state.order.popFirst(where: { $0.time <= now }) {
                if let action = state.actions.removeValue(forKey: id) { due.append(action) }
            }
            if let index = state.sleepers.firstIndex(of: time) { state.sleepers.remove(at: index) }
            guard let next = state.order.first()?.priority.time, state.mustSleep(until: next) else {
                return (due, Duration?.none)
            }
            return (due, next)
        }
        for action in due { action() }
        return next
    }
}

// MARK: - Deadlines

extension TimerQueue {
    /// Runs `operation`, and cancels it after `limit` or when this task is cancelled.
    package func within<Value: Sendable>(
        _ limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> any Error,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let end = Flag()
        let task = Task.shielded {
            defer { end.set() }
            return try await operation()
        }
        if end.isSet { return try await task.value }
        return try await withTaskCancellationHandler {
            try await value(of: task, within: limit, onTimeout: onTimeout())
        } onCancel: {
            task.cancel()
        }
    }

    /// Waits for `task`, and cancels it after `limit`.
    package func value<Value: Sendable>(
        of task: Task<Value, any Error>,
        within limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> any Error
    ) async throws -> Value {
        let isOver = Flag()
        let timer = set(after: limit) {
            isOver.set()
            task.cancel()
        }
        defer { cancel(timer) }
        do {
            return try await task.value
        } catch {
            throw isOver.isSet ? onTimeout() : error
        }
    }
}

// The one file of the core that starts tasks of their own.

extension TimeSource {
    /// Runs `operation` to its end although this task is cancelled, but no longer than `limit`: then it is cancelled
    /// itself, and `onTimeout` is thrown.
    ///
    /// For what must be written by somebody who was told to stop. A client of a network refuses to work for a task that
    /// is cancelled.
    public func shielded<Value: Sendable>(
        atMost limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let end = End()
        let task = Task.shielded {
            defer { end.come() }
            return try await operation()
        }
        if end.hasCome { return try await task.value }
        if let alarms { return try await alarms.value(of: task, within: limit, onTimeout: onTimeout()) }
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

extension AlarmClock {
    /// Runs `operation`, and cancels it when `limit` is over, or this task is cancelled.
    func within<Value: Sendable>(
        _ limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let end = End()
        let task = Task.shielded {
            defer { end.come() }
            return try await operation()
        }
        if end.hasCome { return try await task.value }
        return try await withTaskCancellationHandler {
            try await value(of: task, within: limit, onTimeout: onTimeout())
        } onCancel: {
            task.cancel()
        }
    }

    /// Waits for `task`, and cancels it when `limit` is over.
    func value<Value: Sendable>(
        of task: Task<Value, any Error>,
        within limit: Duration,
        onTimeout: @autoclosure @escaping @Sendable () -> AntidoteError
    ) async throws -> Value {
        let isOver = End()
        let alarm = set(after: limit) {
            isOver.come()
            task.cancel()
        }
        defer { callOff(alarm) }
        do {
            return try await task.value
        } catch {
            throw isOver.hasCome ? onTimeout() : error
        }
    }

    /// An alarm clock outlives whoever sets it, and whoever has it need not wait for it.
    func startUnowned(_ operation: @escaping @Sendable () async -> Void) {
        Task<Void, Never>.detached { await operation() }
    }
}

extension Task where Failure == any Error, Success: Sendable {
    /// A task that the cancellation of this one does not reach, on the same executor. Await it before you return.
    static func shielded(_ operation: @escaping @Sendable () async throws -> Success) -> Task {
        // Unstructured, because a child cannot outlive the cancellation of its parent. It begins at once: what never has
        // to wait costs no change of threads.
        guard #available(macOS 26, *) else {
            return Task(executorPreference: currentExecutor) { try await operation() }
        }
        return Task.immediate(executorPreference: currentExecutor) { try await operation() }
    }

    /// What a simulation, or a service with threads of its own, runs this task on. Unstructured tasks do not inherit it.
    private static var currentExecutor: (any TaskExecutor)? {
        guard #available(macOS 26.4, *) else { return nil }
        return withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    }
}

// Starts tasks that outlive the cancellation of their caller.

extension Task where Failure == any Error, Success: Sendable {
    /// Starts a task on the same executor that the cancellation of this one does not reach. Await it before you return.
    package static func shielded(_ operation: @escaping @Sendable () async throws -> Success) -> Task {
        // Unstructured, because a child cannot outlive the cancellation of its parent. It starts immediately, so an
        // operation that never suspends costs no change of threads.
        guard #available(macOS 26, *) else {
            return Task(executorPreference: currentExecutor) { try await operation() }
        }
        return Task.immediate(executorPreference: currentExecutor) { try await operation() }
    }

    /// The executor that a simulation, or a service with its own threads, runs this task on. Unstructured tasks do not
    /// inherit it.
    private static var currentExecutor: (any TaskExecutor)? {
        guard #available(macOS 26.4, *) else { return nil }
        return withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    }
}

extension Task where Failure == Never, Success == Void {
    /// Starts a detached task that nothing waits for.
    package static func detach(_ operation: @escaping @Sendable () async -> Void) {
        Task.detached { await operation() }
    }
}

import Synchronization

extension Task where Success == Never, Failure == Never {
    /// A point at which a simulation may run another task.
    ///
    /// Only a task with an executor preference yields here. On the process's own threads a yield would cost a change of
    /// threads and gain nothing.
    package static func schedulingPoint() async {
        guard #available(macOS 26.4, *) else { return await Task.yield() }
        if withUnsafeCurrentTask(body: { $0?.unownedTaskExecutor }) != nil { await Task.yield() }
    }
}

extension ThrowingTaskGroup where Failure == any Error {
    /// Adds a task that starts immediately, before this call returns.
    ///
    /// - Returns: True if the task has already ended because it never suspended. Then it needs no timer or other task that
    ///   would end it.
    @discardableResult
    package mutating func addTaskAtOnce(_ operation: @escaping @Sendable () async throws -> ChildTaskResult) -> Bool {
        guard #available(macOS 26, *) else {
            addTask { try await operation() }
            return false
        }
        let end = Flag()
        addImmediateTask {
            defer { end.set() }
            return try await operation()
        }
        return end.isSet
    }
}

extension ThrowingTaskGroup where ChildTaskResult == Bool, Failure == any Error {
    /// Waits until a task returns true or throws, then cancels the others.
    ///
    /// A task that returns false has ended early, which ends nothing else.
    package mutating func cancelAllAfterFirstTrue() async throws {
        defer { cancelAll() }
        while let isOver = try await next(), !isOver {}
    }
}

/// A flag that is set once and never cleared. Any thread may set and read it.
package final class Flag: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package func set() { flag.store(true, ordering: .sequentiallyConsistent) }

    package var isSet: Bool { flag.load(ordering: .acquiring) }
}

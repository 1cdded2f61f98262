import Synchronization

/// Whether something that was begun has ended.
final class End: Sendable {
    private let flag = Atomic(false)

    func come() { flag.store(true, ordering: .releasing) }

    var hasCome: Bool { flag.load(ordering: .acquiring) }
}

extension Task where Success == Never, Failure == Never {
    /// A point at which a simulation may run something else.
    ///
    /// Only what runs on an executor of somebody's choice stops here: on the process's own threads it would cost a change
    /// of threads, again and again, and bring nothing.
    package static func schedulingPoint() async {
        guard #available(macOS 26.4, *) else { return await Task.yield() }
        if withUnsafeCurrentTask(body: { $0?.unownedTaskExecutor }) != nil { await Task.yield() }
    }
}

extension ThrowingTaskGroup where Failure == any Error {
    /// Adds a task that begins here and now, before this returns. True if it has ended already, because it never had to
    /// wait: then nobody needs a timer, or anything else that is there to end it.
    @discardableResult
    package mutating func addTaskAtOnce(_ operation: @escaping @Sendable () async throws -> ChildTaskResult) -> Bool {
        guard #available(macOS 26, *) else {
            addTask { try await operation() }
            return false
        }
        let end = End()
        addImmediateTask {
            defer { end.come() }
            return try await operation()
        }
        return end.hasCome
    }
}

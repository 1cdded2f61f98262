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

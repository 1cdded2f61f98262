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

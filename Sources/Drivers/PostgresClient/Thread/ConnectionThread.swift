import Synchronization

/// The thread on which a connection lives: libpq waits there, so that no thread of the cooperative pool ever does.
package final class ConnectionThread: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }

    /// Also rung to interrupt a wait for the server.
    package let doorbell: Doorbell
    private let inbox = Mutex(Inbox())

    /// Starts the thread, which keeps this object until ``stop()``.
    package init() throws(PostgresError) {
        doorbell = try Doorbell()
        try DetachedThread.start { self.run() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { $0.jobs.append(job) }
        doorbell.ring()
    }

    /// Ends the thread once nothing is left to run.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    private func run() {
        let executor = asUnownedSerialExecutor()
        while true {
            let (jobs, isStopping) = inbox.withLock { inbox in
                defer { inbox.jobs = [] }
                return (inbox.jobs, inbox.isStopping)
            }
            for job in jobs { job.runSynchronously(on: executor) }
            guard jobs.isEmpty else { continue }
            if isStopping { return }
            _ = doorbell.wait()
        }
    }
}

/// Stops a thread when nobody has this any more. An actor with an executor of its own cannot do it in its `deinit`: with
/// `isolated deinit` a release build of a client does not compile.
package final class ThreadOwner: Sendable {
    package let thread: ConnectionThread

    package init() throws(PostgresError) { thread = try ConnectionThread() }

    deinit { thread.stop() }
}

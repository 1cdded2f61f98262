import Synchronization

/// An executor with its own thread, for a C library that blocks: no thread of the cooperative pool ever waits for it.
package final class BlockingThread: SerialExecutor {
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }

    /// Woken for every job, and to interrupt a job that waits on it.
    package let wakePipe: WakePipe
    private let inbox = Mutex(Inbox())

    /// Starts the thread, which keeps this object until ``stop()``.
    package init() throws(ThreadError) {
        wakePipe = try WakePipe()
        try DetachedThread.start { self.run() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { $0.jobs.append(job) }
        wakePipe.wake()
    }

    /// Ends the thread once no job is left.
    package func stop() {
        inbox.withLock { $0.isStopping = true }
        wakePipe.wake()
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
            _ = wakePipe.wait()
        }
    }
}

/// Stops a thread when it is released. An actor with its own executor cannot do that in its `deinit`: with
/// `isolated deinit` a release build of a client does not compile.
package final class BlockingThreadOwner: Sendable {
    package let thread: BlockingThread

    package init() throws(ThreadError) { thread = try BlockingThread() }

    deinit { thread.stop() }
}

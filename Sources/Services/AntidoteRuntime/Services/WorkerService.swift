import AntidoteCore
import ServiceLifecycle

/// A scheduler or collector as a service. During shutdown it takes no new work, and hands unfinished work back after
/// `limit`, so that another copy continues it immediately.
struct WorkerService: Service {
    let work: @Sendable () async throws -> Void
    let drain: @Sendable () -> Void
    let limit: Duration
    let time: TimeSource

    init(_ scheduler: Scheduler, limit: Duration, time: TimeSource) {
        work = scheduler.run
        drain = scheduler.drain
        self.limit = limit
        self.time = time
    }

    init(_ collector: Collector, limit: Duration, time: TimeSource) {
        work = collector.run
        drain = collector.drain
        self.limit = limit
        self.time = time
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await gracefulShutdown()
                drain()
                try await time.sleep(limit)
            }
            // Ends when all work is done or the time is up.
            try await group.next()
            group.cancelAll()
        }
    }
}

/// Sends spans until everything else has ended.
struct ExportService: Service {
    let export: @Sendable () async -> Void

    func run() async throws { await cancelWhenGracefulShutdown { await export() } }
}

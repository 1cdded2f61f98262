import ConcurrencyKit

/// Removes what nobody wants any more: environments that were left, that expired, and whatever has no row.
///
/// Any number of copies may run for one instance.
package struct Collector: Sendable {
    private let worker: EnvironmentWorker
    private let dependencies: WorkerDependencies

    /// `id` must be unique among all copies, now and later: draw it anew at each start.
    package init(id: WorkerID, dependencies: WorkerDependencies) {
        self.dependencies = dependencies
        worker = EnvironmentWorker(
            id: id,
            role: .collector,
            dependencies: dependencies,
            planners: [:],
            board: ProgressBoard()
        )
    }

    /// Works until it is cancelled, or has been drained.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await worker.run()
                return true
            }
            group.addTask {
                try await sweep()
                return false
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    /// Takes no new work; ``run()`` returns when what is under way is done.
    package func drain() { worker.drain() }

    private func sweep() async throws {
        while true {
            await attempt("missed events were not published") { try await dependencies.publisher.relay() }
            for backend in dependencies.backends {
                await attempt("orphans were not looked for") {
                    try await OrphanSweep(backend: backend, dependencies: dependencies).run()
                }
            }
            try await dependencies.time.sleep(dependencies.policy.collectionInterval)
        }
    }

    /// One failure must not end the service: the next round tries again.
    private func attempt(_ complaint: String, _ operation: () async throws -> Void) async {
        do {
            try await operation()
        } catch {
            if !Task.isCancelled { dependencies.telemetry.warning(complaint, ["error": "\(error)"]) }
        }
    }
}

import ConcurrencyKit

/// Builds, configures, changes and repairs environments, and cleans up after those that failed.
///
/// Any number of copies may run for one instance.
package struct Scheduler: Sendable {
    private let worker: EnvironmentWorker
    private let dependencies: WorkerDependencies
    private let board: ProgressBoard

    /// `id` must be unique among all copies, now and later: draw it anew at each start. The scheduler wakes on the events of
    /// the kinds that have a planner.
    package init(id: WorkerID, dependencies: WorkerDependencies, planners: PlannerRegistry) {
        self.dependencies = dependencies
        board = ProgressBoard()
        worker = EnvironmentWorker(
            id: id,
            role: .scheduler,
            dependencies: dependencies,
            planners: planners,
            board: board
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
                try await board.run(dependencies.publisher)
                return false
            }
            for backend in dependencies.backends {
                guard let backend = backend as? any ObservingBackend else { continue }
                group.addTask {
                    try await BackendWatcher(backend: backend, dependencies: dependencies, wake: worker.wake).run()
                    return false
                }
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    /// Takes no new work; ``run()`` returns when what is under way is done.
    package func drain() { worker.drain() }
}

import ConcurrencyKit

/// Builds, configures, changes and repairs environments, and cleans up after those that failed.
///
/// Any number of copies may run for one instance.
public struct Scheduler: Sendable {
    private let worker: EnvironmentWorker
    private let parts: WorkerParts
    private let board: ProgressBoard

    /// `id` must be unique among all copies, now and later: draw it anew at each start.
    public init(id: WorkerID, parts: WorkerParts) {
        self.parts = parts
        board = ProgressBoard()
        worker = EnvironmentWorker(id: id, role: .scheduler, parts: parts, board: board)
    }

    /// Works until it is cancelled, or has been drained.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await worker.run()
                return true
            }
            group.addTask {
                try await board.run(parts.publisher)
                return false
            }
            for backend in parts.backends {
                guard let backend = backend as? any ObservingBackend else { continue }
                group.addTask {
                    try await BackendWatcher(backend: backend, parts: parts, wake: worker.wake).run()
                    return false
                }
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    /// Takes no new work; ``run()`` returns when what is under way is done.
    public func drain() { worker.drain() }
}

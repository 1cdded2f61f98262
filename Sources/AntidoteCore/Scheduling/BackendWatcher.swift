/// Watches a backend, and reports endpoints that die to the store.
struct BackendWatcher: Sendable {
    let backend: any ObservingBackend
    let dependencies: WorkerDependencies
    let wake: @Sendable () -> Void

    private var check: InventoryCheck { InventoryCheck(backend: backend, dependencies: dependencies) }

    /// Watches until it is cancelled. When the stream breaks, it opens a new one and lists what it may have missed.
    func run() async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let opened = dependencies.time.uptime()
            do {
                try await backend.withChanges { changes in
                    // The stream is open by now: nothing gets lost between the list and the first change.
                    try await compareWithInventory()
                    for try await change in changes {
                        if try await check.report(.dead([change.endpoint]), of: change.topology) { wake() }
                    }
                }
                failures = 0
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // A stream that held for a while was a good one: the next is opened soon.
                let held = dependencies.time.uptime() - opened
                failures = held > dependencies.policy.retry.maxPause ? 1 : failures + 1
                dependencies.telemetry.debug("the backend cannot be watched now", ["error": "\(error)"])
            }
            try await dependencies.time.sleep(
                dependencies.policy.retry.pause(beforeAttempt: max(1, failures), jitter: dependencies.random.unit())
            )
        }
    }

    private func compareWithInventory() async throws {
        let roster = try await check.roster()
        guard !roster.isEmpty else { return }
        try await check.report(roster, against: check.inventory()) { [wake] _ in wake() }
    }
}

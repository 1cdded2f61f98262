/// Watches a backend for endpoints that die, and tells the store.
struct TroubleObserver: Sendable {
    let backend: any ObservingBackend
    let parts: WorkerParts
    let wake: @Sendable () -> Void

    /// Watches until it is cancelled. When the stream breaks, it opens a new one and lists what it may have missed.
    func run() async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let opened = parts.time.uptime()
            do {
                try await backend.withChanges { changes in
                    // The stream is open by now: nothing gets lost between the list and the first change.
                    try await compareWithInventory()
                    for try await change in changes {
                        try await report(.dead([change.endpoint]), change.topology)
                    }
                }
                failures = 0
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // A stream that held for a while was a good one: the next is opened soon.
                let held = parts.time.uptime() - opened
                failures = held > parts.policy.retry.maxPause ? 1 : failures + 1
                parts.telemetry.debug("the backend cannot be watched now", ["error": "\(error)"])
            }
            try await parts.time.sleep(
                parts.policy.retry.pause(beforeAttempt: max(1, failures), jitter: parts.random.unit())
            )
        }
    }

    private func compareWithInventory() async throws {
        let filter = EnvironmentFilter(backend: backend.name, phases: [.configuration, .ready])
        let rows = try await parts.ask { try await $0.environments(matching: filter) }
        guard !rows.isEmpty else { return }
        let entries = Dictionary(
            try await backend.inventory().map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for row in rows {
            let id = row.topologyID(instance: parts.instance, store: parts.store.id)
            if let entry = entries[id] {
                if !entry.deadEndpoints.isEmpty { try await report(.dead(entry.deadEndpoints), id) }
            } else if row.phase == .ready {
                // It was ready before the inventory was taken, and is not in it.
                try await report(.vanished, id)
            }
        }
    }

    private func report(_ trouble: Trouble, _ id: TopologyID) async throws {
        guard id.instance == parts.instance, id.store == parts.store.id else { return }
        let isNews = try await parts.ask {
            try await $0.report(trouble, of: id.environment, incarnation: id.incarnation)
        }
        if isNews {
            parts.telemetry.notice("trouble at the provider", [AttributeKey.environment: id.environment.rawValue])
            wake()
        }
    }
}

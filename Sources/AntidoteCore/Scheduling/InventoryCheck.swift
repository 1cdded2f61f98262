/// Compares what is at a provider with the rows that say it is: finds what died or vanished unseen.
struct InventoryCheck: Sendable {
    let backend: any AntidoteBackend
    let dependencies: WorkerDependencies

    private static let page = 10_000
    private static let reportsAtOnce = 64

    /// The rows to compare, read before the inventory: what is ready by then must be in it.
    func roster() async throws -> [EnvironmentID: RosterEntry] {
        var roster: [EnvironmentID: RosterEntry] = [:]
        var last = Int64.min
        while true {
            let page = try await dependencies.store.ask { [last] in
                try await $0.roster(of: backend.name, after: last, limit: Self.page)
            }
            for entry in page { roster[entry.id] = entry }
            guard page.count == Self.page, let end = page.last else { return roster }
            last = end.ticket
        }
    }

    func inventory() async throws -> [InventoryEntry] {
        try await dependencies.time.within(
            dependencies.policy.provisionDeadline,
            orSay: "the inventory did not come",
            recovery: "See that the backend answers."
        ) {
            try await backend.inventory()
        }
    }

    /// Reports failures to the store, many at a time so that they share its transactions, and each that was not known to
    /// `onNews`.
    func report(
        _ roster: [EnvironmentID: RosterEntry],
        against inventory: [InventoryEntry],
        onNews: @escaping @Sendable (EnvironmentID) async -> Void
    ) async throws {
        let entries = Dictionary(inventory.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let failures = roster.values.compactMap { row in failure(of: row, in: entries).map { (row, $0) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            // The order of a dictionary is another one in each process.
            for (number, (row, failure)) in failures.sorted(by: { $0.0.ticket < $1.0.ticket }).enumerated() {
                if number >= Self.reportsAtOnce { try await group.next() }
                group.addTask {
                    if try await report(failure, of: topologyID(of: row)) { await onNews(row.id) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func failure(of row: RosterEntry, in entries: [TopologyID: InventoryEntry]) -> ProviderFailure? {
        guard row.phase == .configuration || row.phase == .ready else { return nil }
        guard let entry = entries[topologyID(of: row)] else { return row.phase == .ready ? .vanished : nil }
        return entry.deadEndpoints.isEmpty ? nil : .dead(entry.deadEndpoints)
    }

    private func topologyID(of row: RosterEntry) -> TopologyID {
        TopologyID(
            instance: dependencies.instance,
            store: dependencies.store.id,
            environment: row.id,
            incarnation: row.incarnation
        )
    }

    /// True if it is ours and news.
    func report(_ failure: ProviderFailure, of id: TopologyID) async throws -> Bool {
        guard id.instance == dependencies.instance, id.store == dependencies.store.id else { return false }
        let isNews = try await dependencies.store.ask {
            try await $0.report(failure, of: id.environment, incarnation: id.incarnation)
        }
        if isNews {
            dependencies.telemetry.notice(
                "trouble at the provider",
                [AttributeKey.environment: id.environment.rawValue]
            )
        }
        return isNews
    }
}

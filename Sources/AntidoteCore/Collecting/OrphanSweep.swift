/// Compares what is at a provider with the store, and destroys what has no row.
struct OrphanSweep: Sendable {
    let backend: any AntidoteBackend
    let parts: WorkerParts

    func run() async throws {
        let inventory = try await backend.inventory()
        let own = inventory.filter { $0.id.instance == parts.instance && $0.id.store == parts.store.id }
        // The rows are read after the inventory: what was admitted in between has a row.
        let rows = try await parts.store.known(own.map(\.id.environment))
        let verdict = OrphanVerdict(own, rows: rows, policy: parts.policy)
        if verdict.isAlarming {
            parts.telemetry.warning(
                "\(verdict.orphans.count) of \(own.count) labs at \(backend.name) have no row: nothing was pruned",
                ["advice": "Check that this is the right database; destroy them by hand if it is."]
            )
            parts.telemetry.count("antidote_orphan_alarms")
            return
        }
        for orphan in verdict.orphans {
            parts.telemetry.notice("destroying an orphan", ["topology": orphan.description])
            try await backend.destroy(orphan, under: .unlimited)
            parts.telemetry.count("antidote_orphans_destroyed")
        }
    }
}

/// Which entries of an inventory are nobody's.
struct OrphanVerdict: Sendable {
    var orphans: [TopologyID]
    /// So many at once that the database is more likely wrong than the provider.
    var isAlarming: Bool

    /// What counts as a handful, whatever its share.
    private static let handful = 5

    init(_ own: [InventoryEntry], rows: [EnvironmentID: Environment], policy: SchedulingPolicy) {
        orphans = own.filter { entry in
            guard entry.age >= policy.orphanGrace else { return false }
            guard let row = rows[entry.id.environment] else { return true }
            // A dead incarnation that a late worker made again. The live one has its row to look after it.
            return row.phase == .closed || entry.id.incarnation <= row.destroyedThrough
        }.map(\.id)
        let share = own.isEmpty ? 0 : Double(orphans.count) / Double(own.count)
        isAlarming = orphans.count > OrphanVerdict.handful && share > policy.maxOrphanShare
    }
}

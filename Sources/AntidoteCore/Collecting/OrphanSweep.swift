/// Compares what is at a provider with the store: destroys what has no row, and reports what a row has lost, of which
/// nobody may have been told.
struct OrphanSweep: Sendable {
    let backend: any AntidoteBackend
    let dependencies: WorkerDependencies

    func run() async throws {
        let attributes = [
            AttributeKey.instance: dependencies.instance.rawValue, AttributeKey.backend: backend.name.rawValue,
        ]
        let check = InventoryCheck(backend: backend, dependencies: dependencies)
        let roster = try await check.roster()
        let inventory = try await dependencies.telemetry.measure("inventory", attributes) {
            try await check.inventory()
        }
        try await check.report(roster, against: inventory) { await dependencies.publisher.wake(.scheduler, about: $0) }
        let named = inventory.filter { $0.id.instance == dependencies.instance }
        let own = named.filter { $0.id.store == dependencies.store.id }
        if own.count < named.count { warnOfOtherStores(named.count - own.count) }
        let strangers = own.filter { roster[$0.id.environment]?.accounts(for: $0.id.incarnation) != true }
        let verdict = OrphanVerdict(
            strangers,
            of: own.count,
            rows: try await rows(of: strangers),
            policy: dependencies.policy
        )
        if verdict.isAlarming {
            dependencies.telemetry.warning(
                "\(verdict.orphans.count) of \(own.count) labs at \(backend.name) have no row: nothing was pruned",
                ["advice": "Check that this is the right database; destroy them by hand if it is."]
            )
            dependencies.telemetry.count("antidote_orphan_alarms")
            return
        }
        for orphan in verdict.orphans { try await destroy(orphan, attributes) }
    }

    /// Read after the inventory: what was admitted in between has a row.
    private func rows(of entries: [InventoryEntry]) async throws -> [EnvironmentID: Environment] {
        var rows: [EnvironmentID: Environment] = [:]
        var rest = entries.map(\.id.environment)[...]
        while !rest.isEmpty {
            let page = Array(rest.prefix(1000))
            rest = rest.dropFirst(page.count)
            rows.merge(try await dependencies.store.ask { try await $0.known(page) }) { $1 }
        }
        return rows
    }

    /// An empty database, a wrong one, or a second installation of the same name: none of it is ours to remove.
    private func warnOfOtherStores(_ count: Int) {
        dependencies.telemetry.warning(
            "\(count) labs at \(backend.name) carry the name \(dependencies.instance) and belong to another store: "
                + "nothing of them is touched",
            [
                "advice": "Check that this is the right database, and that no other installation has this instanceId; "
                    + "what a dropped database left must be removed by hand."
            ]
        )
        dependencies.telemetry.count("antidote_foreign_labs", by: Int64(count))
    }

    /// One that resists must not keep the others.
    private func destroy(_ orphan: TopologyID, _ attributes: [String: String]) async throws {
        let attributes = attributes.merging([
            AttributeKey.environment: orphan.environment.rawValue,
            AttributeKey.incarnation: String(orphan.incarnation),
        ]) { $1 }
        dependencies.telemetry.notice("destroying an orphan", attributes)
        do {
            try await dependencies.telemetry.measure("destroy orphan", attributes) {
                try await dependencies.time.within(
                    dependencies.policy.provisionDeadline,
                    orSay: "it was not destroyed",
                    recovery: "See that the backend answers."
                ) {
                    try await backend.destroy(orphan, under: .unlimited)
                }
            }
            dependencies.telemetry.count("antidote_orphans_destroyed")
        } catch {
            try Task.checkCancellation()
            dependencies.telemetry.warning("an orphan stays", attributes.merging(["error": "\(error)"]) { $1 })
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

    /// - Parameters:
    ///   - entries: Those that may be orphans.
    ///   - count: How many there are of this store, those that are none for sure among them.
    ///   - rows: What the store knows of `entries`.
    init(
        _ entries: [InventoryEntry],
        of count: Int,
        rows: [EnvironmentID: Environment],
        policy: SchedulingPolicy
    ) {
        orphans = entries.filter { entry in
            guard entry.age >= policy.orphanGrace else { return false }
            guard let row = rows[entry.id.environment] else { return true }
            // A dead incarnation that a late worker made again. The live one has its row to look after it.
            return row.phase == .closed || entry.id.incarnation <= row.observed.destroyedThrough
        }.map(\.id)
        let share = count == 0 ? 0 : Double(orphans.count) / Double(count)
        isAlarming = orphans.count > OrphanVerdict.handful && share > policy.maxOrphanShare
    }
}

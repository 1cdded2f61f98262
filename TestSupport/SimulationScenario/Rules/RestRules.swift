@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import FakeBackend

/// What must be true once nothing goes wrong any more and time has passed: rules 1, 3 and 8.
struct RestRules {
    let world: World
    let provider: ProviderRules
    let capacity: [CapacityRules]

    /// Why it is not at rest, one sentence a thing. Empty: it is.
    func unrest() -> [Violation] {
        var reasons: [Violation] = []
        for installation in world.installations {
            for row in installation.store.rows.values.sorted(by: { $0.ticket < $1.ticket }) {
                if let reason = unrest(of: row, in: installation) {
                    reasons.append(Violation(1, "\(reason): \(Describe.row(row))"))
                }
            }
            reasons += outbox(of: installation)
        }
        reasons += leftovers()
        return reasons
    }

    private func unrest(of row: Environment, in installation: Installation) -> String? {
        let now = world.simulation.now
        if row.phase != .closed, let lease = row.lease, lease.endsAt > now { return "it is still worked on" }
        if let end = row.expiresAt, end <= now, row.phase != .closed { return "it was not collected although idle" }
        switch row.phase {
        case .closed: return nil
        case .failed:
            guard let failure = row.failure else { return "it failed without a reason" }
            if row.observed.destroyedThrough < row.incarnation { return "what failed was not taken away" }
            return failure.keptUntil < now ? "it is kept too long" : nil
        case .queued:
            return capacity[installation.number].reasonToWait(row) == nil ? "it waits although there is room" : nil
        case .ready:
            guard row.observed.observedGeneration == row.generation, row.observed.builtGeneration == row.generation
            else {
                return "what is wanted was not done"
            }
            let id = row.topologyID(instance: installation.instance, store: installation.store.id)
            guard let topology = provider.known[id] else { return "nothing of it is at the provider" }
            if let dead = topology.endpoints.filter({ !$0.value.isRunning }).keys.min() { return "\(dead) is dead" }
            return provider.flaw(of: row, world: world, installation: installation)
        default: return "it is on its way"
        }
    }

    /// Everything at the provider has a row; strangers' things stay.
    private func leftovers() -> [Violation] {
        var reasons: [Violation] = []
        for id in provider.known.keys.sorted() {
            guard
                let owner = world.installations.first(where: { $0.instance == id.instance && $0.store.id == id.store })
            else { continue }
            let row = owner.store.rows[id.environment]
            if row == nil || row?.incarnation != id.incarnation || row?.observed.hasLiveIncarnation == false {
                reasons.append(Violation(3, "\(id) is left at the provider: \(row.map(Describe.row) ?? "no row")"))
            }
        }
        for id in world.strangers.sorted() where provider.known[id] == nil {
            reasons.append(Violation(7, "\(id) was a stranger's and is gone"))
        }
        return reasons
    }

    private func outbox(of installation: Installation) -> [Violation] {
        switch world.swarm.bus {
        case .dead, .hung: []
        case .healthy, .lying:
            installation.store.outbox.map { Violation(8, "the event \($0.id) \($0.kind) was never published") }
        }
    }
}

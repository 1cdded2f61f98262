@_spi(StoreKit) import AntidoteCore
import AntidoteTesting

/// Looks at the stores and the provider after every step, and holds the rules against what has changed.
struct Inspector {
    private let world: World
    private let rows: RowRules
    private var capacity: [CapacityRules]
    private var provider = ProviderRules()
    private let stores: [InMemoryStateStore]

    init(world: World) {
        self.world = world
        rows = RowRules(policy: world.swarm.policy)
        capacity = world.installations.map { CapacityRules(limits: $0.limits) }
        stores = world.installations.map(\.store)
    }

    mutating func look(after process: SimulatedProcess) {
        for run in world.takeRuns() { provider.note(run) }
        if let actor = owner(of: process) {
            if let violation = provider.violation(world: world, actor: actor) { world.report(violation) }
        } else {
            provider.accept(world)
        }
        for (number, store) in stores.enumerated() {
            for change in store.takeTrail() { look(at: change, in: number) }
        }
    }

    mutating func acceptProvider() { provider.accept(world) }

    /// Whether there is nothing left to see; a world that does not come to rest in time breaks a rule.
    mutating func hasComeToRest(since calm: Duration?, leastSteps: Int, within limit: Duration) -> Bool {
        guard let calm, world.simulation.steps >= leastSteps else { return false }
        let isOver = world.simulation.uptime > calm + limit
        let isVisited = world.installations.contains { !($0.process(at: 0)?.isIdle ?? true) }
        if isVisited, !isOver { return false }
        let unrest = RestRules(world: world, provider: provider, capacity: capacity).unrest()
        if isOver, let first = unrest.first { world.report(first) }
        if isOver, isVisited { world.report(Violation(1, "a visitor waits for ever")) }
        return isOver || unrest.isEmpty
    }

    private mutating func look(at change: RowChange, in number: Int) {
        let row = change.after
        let trace = world.simulation.trace
        trace.mix(UInt64(row.ticket) &* 8 &+ UInt64(number))
        trace.mix(UInt64(row.fence.rawValue) &* 64 &+ UInt64(row.generation) &* 16 &+ UInt64(row.incarnation))
        if trace.isRecording { tell(change, in: number) }
        count(change)
        if let violation = rows.violation(of: change) ?? capacity[number].violation(of: change) {
            return world.report(violation)
        }
        if row.observed.destroyedThrough > change.before.observed.destroyedThrough,
            let left = provider.remainder(of: row, in: world.installations[number], world: world)
        {
            return world.report(Violation(3, "it is recorded as gone, and \(left) is there: \(Describe.row(row))"))
        }
        let isConfigured = change.before.observed.mustConfigure && !row.observed.mustConfigure
        guard row.phase == .ready, change.before.phase != .ready || isConfigured else { return }
        if let flaw = provider.flaw(of: row, world: world, installation: world.installations[number]) {
            world.report(Violation(1, "it is said to be ready, and \(flaw): \(Describe.row(row))"))
        }
    }

    private func count(_ change: RowChange) {
        if change.before.eventCount == 0 { world.count { $0.admitted += 1 } }
        guard change.after.phase != change.before.phase else { return }
        switch change.after.phase {
        case .ready: world.count { $0.ready += 1 }
        case .failed: world.count { $0.failed += 1 }
        case .closed: world.count { $0.closed += 1 }
        default: break
        }
    }

    private func tell(_ change: RowChange, in number: Int) {
        // A renewal is no news.
        guard Describe.row(change.before) != Describe.row(change.after) || !change.events.isEmpty else { return }
        let events = change.events.isEmpty ? "" : " EVENTS \(change.events.map { "\($0.sequence) \($0.kind)" })"
        world.simulation.note("store \(number)", Describe.row(change.after) + events)
    }

    private func owner(of process: SimulatedProcess) -> Installation? {
        guard let first = process.name.utf8.first, first >= 48, first < 51 else { return nil }
        return world.installations[Int(first) - 48]
    }
}

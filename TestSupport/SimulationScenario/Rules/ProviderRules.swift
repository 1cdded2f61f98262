import AntidoteCore
import FakeBackend

/// What may happen at the provider, by comparing what is there with what was there one step before.
struct ProviderRules {
    private(set) var known: [TopologyID: FakeTopology] = [:]
    /// Which machine was configured for what: `topology/endpoint/identity/generation/revision`.
    private var configured: Set<String> = []
    private var seen = -1

    /// A job works on the machine that was there when it began its step.
    mutating func note(_ run: JobRun) {
        guard run.succeeded else { return }
        guard
            let topology = known.values.first(where: {
                $0.id.description == run.topology && $0.endpoints[run.endpoint] != nil
            })
        else { return }
        let identity = topology.endpoints[run.endpoint]?.identity ?? ""
        configured.insert(ProviderRules.key(topology.id, run.endpoint, identity, run.generation, run.revision))
    }

    /// Looks at what the last step changed; `actor` is the installation whose process made it.
    mutating func violation(world: World, actor: Installation) -> Violation? {
        let changes = world.provider.changes
        guard changes != seen else { return nil }
        seen = changes
        let now = world.provider.topologies
        defer { known = now }
        for (id, topology) in now where known[id] != topology {
            if let violation = made(id, isNew: known[id] == nil, world, actor) { return violation }
        }
        for id in known.keys where now[id] == nil {
            if let violation = removed(id, world, actor) { return violation }
        }
        return nil
    }

    /// Takes what is there for granted: the world itself changed it.
    mutating func accept(_ world: World) {
        seen = world.provider.changes
        known = world.provider.topologies
    }

    private func made(_ id: TopologyID, isNew: Bool, _ world: World, _ actor: Installation) -> Violation? {
        guard isOwn(id, of: actor) else { return Violation(7, "installation \(actor.number) changed \(id)") }
        guard let row = actor.store.rows[id.environment] else {
            return Violation(3, "\(id) was made, and has no row")
        }
        if id.incarnation > row.incarnation {
            return Violation(2, "\(id) was made before it was begun: \(Describe.row(row))")
        }
        if isNew, id.incarnation <= row.observed.deadThrough, !world.wasLate(id) {
            return Violation(2, "\(id) was made although it is dead: \(Describe.row(row))")
        }
        return nil
    }

    private func removed(_ id: TopologyID, _ world: World, _ actor: Installation) -> Violation? {
        guard isOwn(id, of: actor) else { return Violation(7, "installation \(actor.number) removed \(id)") }
        guard let row = actor.store.rows[id.environment] else { return nil }
        guard id.incarnation > row.observed.deadThrough else { return nil }
        return Violation(2, "\(id) was removed while it lives: \(Describe.row(row))")
    }

    private func isOwn(_ id: TopologyID, of installation: Installation) -> Bool {
        id.instance == installation.instance && id.store == installation.store.id
    }

    /// What is there of `row` although it was destroyed, unless a late call made it again.
    func remainder(of row: Environment, in installation: Installation, world: World) -> TopologyID? {
        known.keys.filter { id in
            isOwn(id, of: installation) && id.environment == row.id && id.incarnation <= row.observed.destroyedThrough
                && !world.wasLate(id)
        }
        .min()
    }

    /// Why a row that became ready is not: the provider shows something else, or its jobs were not run.
    func flaw(of row: Environment, world: World, installation: Installation) -> String? {
        let id = row.topologyID(instance: installation.instance, store: installation.store.id)
        guard !world.wasHarmed(id), let topology = known[id] else {
            return world.wasHarmed(id) ? nil : "nothing of it is at the provider"
        }
        let plan = LabPlanner.topology(of: row.source, revision: row.revision, as: id)
        if Set(plan.endpoints.map(\.name)) != Set(topology.endpoints.keys) {
            return "its endpoints are \(topology.endpoints.keys.sorted())"
        }
        for endpoint in plan.endpoints {
            guard let machine = topology.endpoints[endpoint.name] else { continue }
            if let digest = try? endpoint.digest(), digest != machine.digest {
                return "\(endpoint.name) is of another revision"
            }
            if row.provisioned?[endpoint: endpoint.name]?.identity != machine.identity {
                return "\(endpoint.name) is another machine than it says"
            }
            let key = ProviderRules.key(id, endpoint.name, machine.identity, row.generation, row.revision)
            if !configured.contains(key) {
                return "\(endpoint.name) was not configured for generation \(row.generation)"
            }
        }
        return nil
    }

    private static func key(
        _ id: TopologyID,
        _ endpoint: String,
        _ identity: String,
        _ generation: Int,
        _ revision: Int
    ) -> String {
        "\(id)/\(endpoint)/\(identity)/\(generation)/\(revision)"
    }
}

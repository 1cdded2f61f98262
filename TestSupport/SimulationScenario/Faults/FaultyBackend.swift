import AntidoteCore
import AntidoteTesting
import FakeBackend
import Synchronization

/// A fake backend whose calls may still take effect after their lease, as a request that is on its way does.
struct FaultyBackend: ObservingBackend {
    let base: FakeBackend
    let world: World

    var name: BackendID { base.name }
    var capabilities: BackendCapabilities { base.capabilities }

    func problems(with topology: Topology) -> [TopologyProblem] { base.problems(with: topology) }

    func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        if world.swarm.hasLateCalls, world.mishap(0.2) { arriveLate(topology) }
        // What exists is found by its name, and not made again by who comes late.
        let authority = late(authority, topology.id) { world.provider.topologies[topology.id] == nil }
        return try await base.converge(topology, under: authority, progress: progress)
    }

    func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        try await base.run(job, in: topology, under: late(authority, topology), progress: progress)
    }

    func destroy(_ id: TopologyID, under authority: Authority) async throws {
        if authority.fence == Authority.unlimited.fence, let made = world.provider.topologies[id]?.madeAt {
            let age = world.simulation.now - made
            if age < world.swarm.policy.orphanGrace {
                world.report(Violation(3, "\(id) was taken for an orphan \(age) after it was made"))
            }
        }
        try await base.destroy(id, under: late(authority, id))
    }

    func inventory() async throws -> [InventoryEntry] {
        if world.mishap(world.swarm.inventoryErrors) { throw AntidoteError(.backendUnavailable, "no inventory now") }
        return try await base.inventory()
    }

    func withChanges<Result: Sendable>(
        _ body: @Sendable (AsyncThrowingStream<TopologyChange, any Error>) async throws -> Result
    ) async throws -> Result {
        if world.mishap(world.swarm.brokenStreams) { throw AntidoteError(.backendUnavailable, "no stream now") }
        return try await base.withChanges(body)
    }

    /// The same request once more, from a worker that was thought dead: long after its incarnation was given up.
    private func arriveLate(_ topology: Topology) {
        let id = topology.id
        world.simulation.after(.seconds(10 + world.draw(below: 60))) { [base, world] in
            let store = world.installations.first { $0.store.id == id.store }?.store
            guard let row = store?.rows[id.environment], row.observed.deadThrough >= id.incarnation else { return }
            world.noteLateCall(id)
            world.simulation.note("FAULT", "a late worker makes \(id) again")
            world.outside.start { _ = try? await base.converge(topology, under: .unlimited, progress: .none) }
        }
    }

    /// An authority whose first question may be answered as if the lease still held.
    private func late(
        _ authority: Authority,
        _ id: TopologyID,
        _ isPossible: @escaping @Sendable () -> Bool = { true }
    ) -> Authority {
        guard world.swarm.hasLateCalls else { return authority }
        let asked = OnceFlag()
        return Authority(fence: authority.fence) { [world] in
            do {
                try authority.check()
            } catch {
                guard asked.isFirst, isPossible(), world.mishap(0.7) else { throw error }
                world.noteLateCall(id)
                world.simulation.note("provider", "a call about \(id) arrives although its lease is over")
            }
        }
    }
}

private final class OnceFlag: Sendable {
    private let asked = Mutex(false)

    var isFirst: Bool {
        asked.withLock { asked in
            defer { asked = true }
            return !asked
        }
    }
}

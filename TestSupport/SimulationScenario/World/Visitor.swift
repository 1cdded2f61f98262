import AntidoteCore
import AntidoteTesting

/// One owner who comes, asks, changes their mind, stays or goes: a program drawn from the seed, run in the process of an
/// API that may die at any point.
struct Visitor: Sendable {
    let owner: OwnerID
    let rounds: Int
    let installation: Installation
    let dependencies: WorkerDependencies
    let process: SimulatedProcess

    private var time: TimeSource { process.timeSource }

    func run(_ start: SplitMix64) async {
        var dice = start
        for _ in 0..<rounds {
            try? await time.sleep(.milliseconds(dice.below(8000)))
            await visit(&dice)
            if Task.isCancelled { return }
        }
    }

    private func visit(_ dice: inout SplitMix64) async {
        guard let id = await ask(&dice) else { return }
        for _ in 0..<(1 + dice.below(3)) {
            let draw = dice.fork()
            await attempt("act") { try await act(on: id, draw) }
        }
        switch dice.below(4) {
        case 0: break
        default: await attempt("remove") { try await remove(id) }
        }
    }

    /// Often twice at once: as somebody does who clicks again.
    private func ask(_ dice: inout SplitMix64) async -> EnvironmentID? {
        let sources = [LabPlanner.pair, LabPlanner.pair, LabPlanner.pair, LabPlanner.solo, LabPlanner.solo]
        let source =
            dice.chance(0.06) ? LabPlanner.broken : dice.chance(0.03) ? LabPlanner.unknown : sources[dice.below(5)]
        let request = AdmissionRequest(
            owner: owner,
            source: source,
            revision: dice.below(3),
            backend: BackendID(unchecked: "fake"),
            idleLimit: [nil, .seconds(8), .seconds(30), .seconds(60)][dice.below(4)],
            isPersistent: dice.chance(0.1)
        )
        let times = dice.chance(0.4) ? 2 : 1
        return await withTaskGroup(of: EnvironmentID?.self) { group in
            for _ in 0..<times { group.addTask { await admit(request) } }
            var ids: [EnvironmentID] = []
            for await id in group { if let id { ids.append(id) } }
            return ids.first
        }
    }

    private func admit(_ request: AdmissionRequest) async -> EnvironmentID? {
        do {
            let admission = try await dependencies.store.write { try await $0.admit(request) }
            await dependencies.publisher.publish(admission.events)
            return admission.environment.id
        } catch {
            installation.world.simulation.note(process.name, "\(owner) was refused: \(error)")
            return nil
        }
    }

    private func act(on id: EnvironmentID, _ start: SplitMix64) async throws {
        var dice = start
        let running = running
        switch dice.below(10) {
        case 0, 1, 2:
            try await time.withDeadline(.seconds(5 + dice.below(30)), onTimeout: late) {
                let row = try await running.ready(id)
                if row.phase != .ready || row.provisioned == nil {
                    installation.world.report(Violation(2, "shown as ready: \(Describe.row(row))"))
                }
            }
        case 3, 4:
            try await running.change(id, toRevision: dice.below(3))
        case 5:
            let both = (dice.below(3), dice.below(3))
            async let first: Void = running.change(id, toRevision: both.0)
            async let second: Void = running.change(id, toRevision: both.1)
            _ = try await (first, second)
        case 6:
            for _ in 0..<(1 + dice.below(4)) {
                try await dependencies.store.write { try await $0.keepAlive([id]) }
                try await time.sleep(.seconds(dice.below(12)))
            }
        case 7, 8:
            try await comeBackAtTheLastMoment(to: id)
        default:
            try await time.sleep(.milliseconds(dice.below(12_000)))
        }
    }

    /// Just when it expires: whether the use or the expiry comes first is the store's to decide, once.
    private func comeBackAtTheLastMoment(to id: EnvironmentID) async throws {
        guard let end = try await dependencies.store.write({ try await $0.environment(id) })?.expiresAt else { return }
        try await time.sleep(end - installation.world.simulation.now)
        try await dependencies.store.write { try await $0.keepAlive([id]) }
    }

    private func remove(_ id: EnvironmentID) async throws {
        _ = try await dependencies.store.write { try await $0.remove(id) }
        await dependencies.publisher.wake(.scheduler, about: id)
        await dependencies.publisher.wake(.collector, about: id)
    }

    /// Visitors shrug when something is refused: what was accepted is checked elsewhere.
    private func attempt(_ what: String, _ operation: () async throws -> Void) async {
        do {
            try await operation()
        } catch {
            installation.world.simulation.note(process.name, "\(owner) could not \(what): \(error)")
        }
    }

    private var late: AntidoteError { AntidoteError(.deadlineExceeded, "the visitor lost patience") }

    private var running: RunningInstance {
        RunningInstance(
            instance: EmbeddedInstance(
                id: installation.instance,
                backend: dependencies.backends[0],
                planners: LabPlanner.planners,
                policy: dependencies.policy,
                store: dependencies.store.store,
                bus: dependencies.publisher.bus,
                time: time,
                random: dependencies.random
            )
        )
    }
}

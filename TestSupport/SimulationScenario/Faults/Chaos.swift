@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import FakeBackend

/// Does what the faults of a swarm say, from outside of all processes.
struct Chaos {
    let world: World

    /// What a service may take to end: a few calls that get no answer.
    private static let patience = Duration.seconds(30)

    private var simulation: Simulation { world.simulation }
    private var outside: SimulatedProcess { world.outside }

    func apply(_ fault: Fault) {
        world.count { $0.faults += 1 }
        let installation = world.installations[pick(fault, world.installations.count)]
        let slot = slot(for: fault, in: installation)
        switch fault.kind {
        case .crash: crash(installation, slot, fault)
        case .crashOfVisitors: crash(installation, 0, fault)
        case .crashOfAll: for slot in 0..<installation.slotCount { crash(installation, slot, fault) }
        case .gracefulRestart: restart(installation, slot)
        case .pause: pause(installation, slot, .milliseconds(200 + pick(fault, 9000, salt: 5)))
        case .longPause: pause(installation, slot, .seconds(16 + pick(fault, 40, salt: 5)))
        case .clockJump:
            let hours = [-26, -1, 1, 30][pick(fault, 4, salt: 5)]
            installation.process(at: slot)?.setClock(ahead: .seconds(hours * 3600))
            note("the clock of \(installation.process(at: slot)?.name ?? "") jumps by \(hours) h")
        case .deadEndpoint: killEndpoint(fault)
        case .vanishedLab: vanish(fault)
        case .providerRestart:
            note("the provider restarts")
            world.provider.restart()
        case .forgedMessage: forge(fault, installation)
        case .strayLab: stray(fault, installation)
        }
    }

    /// Others use the same provider: another instance, and another store under the same name.
    func settleStrangers() {
        let store = StoreID(unchecked: "strangerstranger")
        let others = [InstanceID(unchecked: "other"), world.installations[0].instance]
        for (number, instance) in others.enumerated() {
            let environment = EnvironmentID(unchecked: "aaaaaaaaaaaaaaa\(number + 2)")
            let id = TopologyID(instance: instance, store: store, environment: environment, incarnation: 1)
            world.noteStranger(id)
            make(id)
        }
    }

    private func pick(_ fault: Fault, _ bound: Int, salt: Int = 0) -> Int {
        var dice = SplitMix64(seed: UInt64(fault.choice &+ salt))
        return dice.below(bound)
    }

    /// Mostly a process that is at work on something: there it hurts.
    private func slot(for fault: Fault, in installation: Installation) -> Int {
        let now = simulation.now
        let holders = Set(
            installation.store.rows.values.compactMap { row in
                row.lease.flatMap { $0.endsAt > now ? $0.worker.rawValue : nil }
            }
        )
        let busy = (1..<installation.slotCount).filter { slot in
            installation.process(at: slot).map { !$0.isDead && !$0.isPaused && holders.contains($0.name) } ?? false
        }
        if !busy.isEmpty, pick(fault, 5, salt: 7) > 0 { return busy[pick(fault, busy.count, salt: 8)] }
        return 1 + pick(fault, installation.slotCount - 1, salt: 3)
    }

    private func note(_ what: @autoclosure () -> String) { simulation.note("FAULT", what()) }

    private func crash(_ installation: Installation, _ slot: Int, _ fault: Fault) {
        guard let process = installation.process(at: slot), !process.isDead else { return }
        note("\(process.name) is killed")
        process.kill()
        world.count { $0.restarts += 1 }
        simulation.after(.milliseconds(pick(fault, 20_000, salt: slot))) { installation.boot(slot) }
    }

    private func restart(_ installation: Installation, _ slot: Int) {
        guard let process = installation.process(at: slot), !process.isDead else { return }
        note("\(process.name) is told to end")
        process.resume()
        process.cancel()
        simulation.after(Chaos.patience) {
            if !process.isDead, !world.wasStopped(process.number) {
                world.report(Violation(1, "\(process.name) was told to end, and still runs after \(Chaos.patience)"))
            }
            process.kill()
            installation.boot(slot)
        }
    }

    private func pause(_ installation: Installation, _ slot: Int, _ length: Duration) {
        guard let process = installation.process(at: slot), !process.isDead else { return }
        note("\(process.name) is stopped for \(length)")
        process.pause()
        world.noteStopped(process.number)
        simulation.after(length) { process.resume() }
    }

    private var labs: [FakeTopology] { world.provider.topologies.values.sorted { $0.id < $1.id } }

    private func killEndpoint(_ fault: Fault) {
        let labs = labs.filter { !world.strangers.contains($0.id) && !$0.endpoints.isEmpty }
        guard !labs.isEmpty else { return }
        let lab = labs[pick(fault, labs.count)]
        let names = lab.endpoints.keys.sorted()
        let name = names[pick(fault, names.count, salt: 1)]
        note("\(name) of \(lab.id) dies")
        world.provider.kill(name, in: lab.id)
    }

    private func vanish(_ fault: Fault) {
        let labs = labs.filter { !world.strangers.contains($0.id) }
        guard !labs.isEmpty else { return }
        let lab = labs[pick(fault, labs.count)]
        note("\(lab.id) vanishes")
        world.noteHarm(lab.id)
        world.provider.vanish(lab.id)
    }

    private func forge(_ fault: Fault, _ installation: Installation) {
        let subjects = Subjects(instance: installation.instance)
        let ids = installation.store.rows.keys.sorted()
        let id = ids.isEmpty ? "nobody" : ids[pick(fault, ids.count)].rawValue
        let message =
            switch pick(fault, 4, salt: 2) {
            case 0: BusMessage(subject: subjects.wake(.scheduler), payload: Array(id.utf8))
            case 1: BusMessage(subject: subjects.wake(.collector), payload: Array(id.utf8))
            case 2: BusMessage(subject: subjects.event(.ready), payload: Array("{\"id\": \"\(id)-1\"}".utf8))
            default: BusMessage(subject: subjects.event(.admitted), payload: Array(repeating: 0xFF, count: 100))
            }
        note("somebody forges \(message.subject) about \(id)")
        outside.start { try? await installation.bus.forge(message) }
    }

    /// Something of ours without a row, as a restored backup or a hand makes it.
    private func stray(_ fault: Fault, _ installation: Installation) {
        let id = TopologyID(
            instance: installation.instance,
            store: installation.store.id,
            environment: EnvironmentID(unchecked: "zzzzzzzzzzzzzzz\(2 + pick(fault, 5, salt: 4))"),
            incarnation: 1
        )
        note("somebody makes \(id) by hand")
        make(id)
    }

    private func make(_ id: TopologyID) {
        let backend = FakeBackend(instance: id.instance, provider: world.provider, time: outside.timeSource)
        outside.start {
            let topology = LabPlanner.topology(of: LabPlanner.solo, revision: 0, as: id)
            _ = try? await backend.converge(topology, under: .unlimited, progress: .none)
        }
    }
}

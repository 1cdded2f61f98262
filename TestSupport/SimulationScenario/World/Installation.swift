@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import FakeBackend
import Logging
import Synchronization

/// One installation: its store, its bus, and the processes of its services, which die and come back.
final class Installation: Sendable {
    let number: Int
    let instance: InstanceID
    let store: InMemoryStateStore
    let bus: FaultyBus
    let limits: AdmissionLimits
    let world: World
    private let slots: Mutex<[Slot]>

    /// A service that somebody keeps running.
    struct Slot: Sendable {
        var name: String
        var kind: Kind
        var process: SimulatedProcess?
        var boots = 0
    }

    enum Kind: Sendable {
        case scheduler
        case collector
        case visitors
    }

    init(number: Int, instance: InstanceID, copies: Int, bus: FaultyBus, world: World) {
        self.number = number
        self.instance = instance
        self.bus = bus
        self.world = world
        limits = world.swarm.limits[number]
        store = InMemoryStateStore(
            time: world.simulation.timeSource,
            random: world.randomSource(),
            limits: limits
        )
        store.keepTrail()
        var slots = [Slot(name: "\(number)/api", kind: .visitors)]
        for copy in 1...copies {
            slots.append(Slot(name: "\(number)/scheduler\(copy)", kind: .scheduler))
            slots.append(Slot(name: "\(number)/collector\(copy)", kind: .collector))
        }
        self.slots = Mutex(slots)
    }

    var processes: [SimulatedProcess] { slots.withLock { $0.compactMap(\.process) } }

    func process(at slot: Int) -> SimulatedProcess? { slots.withLock { $0[slot].process } }

    var slotCount: Int { slots.withLock { $0.count } }

    /// Starts whatever does not run.
    func bootAll() { for slot in 0..<slotCount { boot(slot) } }

    func boot(_ number: Int) {
        let booted = slots.withLock { slots -> (Slot, SimulatedProcess)? in
            if let process = slots[number].process, !process.isDead { return nil }
            slots[number].boots += 1
            let process = world.simulation.process("\(slots[number].name).\(slots[number].boots)")
            slots[number].process = process
            return (slots[number], process)
        }
        guard let (slot, process) = booted else { return }
        world.simulation.note(process.name, "starts")
        run(slot, in: process)
    }

    private func run(_ slot: Slot, in process: SimulatedProcess) {
        let dependencies = dependencies(in: process)
        let id = WorkerID(unchecked: process.name)
        switch slot.kind {
        case .scheduler:
            process.start { [self] in
                await serve(process) {
                    let planners = PlannerRegistry(LabPlanner.planners)
                    try await Scheduler(id: id, dependencies: dependencies, planners: planners).run()
                }
            }
        case .collector:
            process.start { [self] in
                await serve(process) { try await Collector(id: id, dependencies: dependencies).run() }
            }
        case .visitors:
            for visitor in 0..<world.swarm.visitors[number] {
                var dice = world.fork()
                let program = Visitor(
                    owner: OwnerID(unchecked: "owner\(number)-\(visitor)"),
                    rounds: slot.boots == 1 ? 1 + dice.below(2) : 1,
                    installation: self,
                    dependencies: dependencies,
                    process: process
                )
                process.start { [dice] in await program.run(dice) }
            }
        }
    }

    /// A service ends only when it is told to.
    private func serve(_ process: SimulatedProcess, _ run: () async throws -> Void) async {
        var complaint = "it returned"
        do { try await run() } catch { complaint = "\(error)" }
        guard !Task.isCancelled else { return process.kill() }
        world.report(Violation(1, "the service \(process.name) ended by itself: \(complaint)"))
    }

    private func dependencies(in process: SimulatedProcess) -> WorkerDependencies {
        let time = process.timeSource
        var script = world.swarm.script
        script.run = { [world] run in
            let isBroken = run.job.command == ["false"]
            world.noteRun(JobRun(run.job, succeeded: !isBroken))
            return .ends(JobResult(exitStatus: isBroken ? 1 : 0, outputTail: ""))
        }
        let backend = FakeBackend(instance: instance, provider: world.provider, script: script, time: time)
        return WorkerDependencies(
            instance: instance,
            store: InterceptedStore(
                store,
                FaultyNetwork(store: store, world: world, time: time),
                answersAtOnce: false
            ),
            bus: bus,
            backends: [FaultyBackend(base: backend, world: world)],
            policy: world.swarm.policy,
            time: time,
            random: world.randomSource(),
            telemetry: Telemetry(logger: History.logger(of: process, in: world.simulation), time: time)
        )
    }
}

extension JobRun {
    init(_ job: Job, succeeded: Bool) {
        func text(_ key: String) -> String {
            guard case .plain(let text) = job.environment[key] else { return "" }
            return text
        }
        topology = text(LabPlanner.topologyKey)
        endpoint = job.endpoint ?? ""
        generation = Int(text(LabPlanner.generationKey)) ?? 0
        revision = Int(text(LabPlanner.revisionKey)) ?? 0
        self.succeeded = succeeded
    }
}

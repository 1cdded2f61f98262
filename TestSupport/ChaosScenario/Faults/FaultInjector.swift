import AntidoteCore
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets things go wrong at moments that a seed decides, each for a while, several at once.
final class FaultInjector: Sendable {
    private let world: World
    private let random: RandomSource
    private let busIsDown: Bool
    private let state = Mutex(State())

    private struct State {
        /// What is in trouble already: copies by name, "database", "bus".
        var busy: Set<String> = []
        var counts: [Fault: Int] = [:]
        var diary: [String] = []
    }

    init(world: World, random: RandomSource, busIsDown: Bool) {
        self.world = world
        self.random = random
        self.busIsDown = busIsDown
    }

    /// How often each happened.
    var counts: [Fault: Int] { state.withLock { $0.counts } }
    /// What happened when.
    var diary: [String] { state.withLock { $0.diary } }

    /// Makes `count` faults within `length`; returns when everything runs again.
    func happen(_ count: Int, within length: Duration) async throws {
        let end = world.time.uptime() + length
        // Each kind once, and then whatever comes.
        var first = Fault.possible(busIsDown: busIsDown)
        await withDiscardingTaskGroup { group in
            for number in 0..<count {
                let left = max(.zero, end - world.time.uptime())
                let pause = left / (count - number) * (0.4 + 1.2 * random.unit())
                try? await world.time.sleep(pause)
                let draw = random.next()
                let fault = first.isEmpty ? nil : first.remove(at: Int(draw % UInt64(first.count)))
                group.addTask { [self] in await one(draw, fault) }
            }
            try? await world.time.sleep(max(.zero, end - world.time.uptime()))
        }
        try await heal()
    }

    /// What is everybody's again: wires, servers and programs.
    private func heal() async throws {
        for copy in world.copies {
            copy.toDatabase.become(.clear)
            copy.toBus.become(.clear)
            copy.send(SIGCONT)
            try copy.start()
        }
        try await world.database.waitUntilItAnswers()
    }

    private func one(_ draw: UInt64, _ wanted: Fault?) async {
        // A draw of its own for each fault: what runs beside it changes nothing in it.
        let random = RandomSource.seeded(draw)
        // What it would hit may be in trouble already: then something else is.
        for _ in 0..<200 {
            let fault = wanted ?? Fault.draw(random.next(), busIsDown: busIsDown)
            let targets = targets(of: fault, random)
            guard take(targets) else {
                if wanted != nil { try? await world.time.sleep(.milliseconds(200)) }
                continue
            }
            note(fault, targets)
            do { try await act(fault, targets, random) } catch {
                world.surprises.add("the fault \(fault) of \(targets) could not be made: \(error)")
            }
            release(targets)
            return
        }
        // Everything is in trouble at once: as good as one more.
        state.withLock { $0.diary.append("\(world.now) nothing was left to break") }
    }

    private func targets(of fault: Fault, _ random: RandomSource) -> [String] {
        let copies = world.copies
        let copy = copies[Int(random.next() % UInt64(copies.count))]
        return switch fault {
        case .kill, .pause, .restart, .cut, .silence, .slowness: [copy.name]
        case .killBoth: copies.filter { $0.role == copy.role }.map(\.name)
        case .restartDatabase, .crashDatabase, .endDatabaseConnections: ["database"]
        case .stopBus, .freezeBus: ["bus"]
        }
    }

    private func take(_ targets: [String]) -> Bool {
        state.withLock { state in
            guard state.busy.isDisjoint(with: targets) else { return false }
            state.busy.formUnion(targets)
            return true
        }
    }

    private func release(_ targets: [String]) { state.withLock { $0.busy.subtract(targets) } }

    private func note(_ fault: Fault, _ targets: [String]) {
        let line = "\(world.now) \(fault) \(targets.joined(separator: " "))"
        state.withLock { state in
            state.counts[fault, default: 0] += 1
            state.diary.append(line)
        }
    }

    private func act(_ fault: Fault, _ targets: [String], _ random: RandomSource) async throws {
        let copies = world.copies.filter { targets.contains($0.name) }
        let length = Duration.seconds(random.unit())
        switch fault {
        case .kill, .killBoth:
            for copy in copies { try await copy.stop(SIGKILL) }
            try await world.time.sleep(length * 3)
            for copy in copies { try copy.start() }
        case .pause:
            for copy in copies { copy.send(SIGSTOP) }
            try await world.time.sleep(.seconds(world.settings.leaseDuration + 1) + length * 4)
            for copy in copies { copy.send(SIGCONT) }
        case .restart:
            for copy in copies {
                if let complaint = try await copy.leave() { world.surprises.add(complaint) }
                try copy.start()
            }
        case .restartDatabase, .crashDatabase:
            try await world.database.restart(fault == .restartDatabase ? .fast : .immediate)
        case .endDatabaseConnections: try? await world.database.endConnections()
        case .stopBus:
            await world.bus.stop()
            try await world.time.sleep(length * 6)
            try await world.bus.start()
        case .freezeBus:
            world.bus.freeze()
            try await world.time.sleep(length * 6)
            world.bus.thaw()
        case .cut:
            for wire in wires(of: copies, random) { wire.cut() }
        case .silence, .slowness:
            let wires = wires(of: copies, random)
            let milliseconds = 100 + Int(random.next() % 400)
            for wire in wires { wire.become(fault == .silence ? .silent : .slow(milliseconds)) }
            try await world.time.sleep(.seconds(2) + length * 6)
            for wire in wires { wire.become(.clear) }
        }
    }

    private func wires(of copies: [ServiceCopy], _ random: RandomSource) -> [Proxy] {
        let which = random.next() % 3
        return copies.flatMap { copy in
            switch which {
            case 0: [copy.toDatabase]
            case 1: [copy.toBus]
            default: [copy.toDatabase, copy.toBus]
            }
        }
    }
}

import AntidoteCore
import AntidoteTesting
import Synchronization
import Testing

/// The engine under the scenario: what it promises to whoever simulates with it.
@Suite("Simulation engine", .timeLimit(.minutes(1)))
struct EngineTests {
    private let budget = Simulation.Budget(steps: 10_000, stepsAtOneTime: 1000)

    /// Runs until everything has come to its end.
    private func end(of simulation: Simulation) -> Simulation.End {
        defer { simulation.dispose() }
        return simulation.run(budget, whenQuiet: { false }, afterStep: { _ in false })
    }

    private func race(seed: UInt64) -> [Int] {
        let simulation = Simulation(seed: seed)
        let order = Mutex<[Int]>([])
        for number in 0..<4 {
            let process = simulation.process("p\(number)")
            process.start {
                for _ in 0..<3 {
                    order.withLock { $0.append(number) }
                    try? await process.timeSource.sleep(.seconds(1))
                }
            }
        }
        // Nobody sleeps any more: that is the end here.
        #expect(end(of: simulation) == .stuck)
        return order.withLock(\.self)
    }

    @Test func theSeedDecidesTheOrder() {
        let runs = (1...20).map { race(seed: $0) }
        #expect(runs == (1...20).map { race(seed: $0) })
        #expect(Set(runs).count > 15)
        #expect(runs.allSatisfy { $0.count == 12 })
    }

    @Test func nothingOfAKilledProcessRuns() {
        for seed in 1...50 {
            let simulation = Simulation(seed: UInt64(seed))
            let said = Mutex<[String]>([])
            let victim = simulation.process("victim")
            victim.start {
                defer { said.withLock { $0.append("clean-up") } }
                try? await victim.timeSource.sleep(.seconds(10))
                said.withLock { $0.append("work") }
            }
            simulation.after(.seconds(5)) { victim.kill() }
            simulation.after(.seconds(20)) {}
            _ = simulation.run(budget, whenQuiet: { false }, afterStep: { _ in false })
            #expect(said.withLock(\.self) == [])
            // Only when the simulation is over does it end, so that its memory is freed.
            simulation.dispose()
            #expect(said.withLock(\.self) == ["work", "clean-up"])
        }
    }

    @Test func timeGoesOnWithoutAStoppedProcess() {
        let simulation = Simulation(seed: 1)
        let woke = Mutex<Duration>(.zero)
        let process = simulation.process("p")
        process.start {
            try? await process.timeSource.sleep(.seconds(1))
            woke.withLock { $0 = process.timeSource.uptime() }
        }
        simulation.after(.milliseconds(500)) { process.pause() }
        simulation.after(.seconds(60)) { process.resume() }
        #expect(end(of: simulation) == .stuck)
        #expect(woke.withLock(\.self) == .seconds(60))
    }

    @Test func aWallClockMayBeWrongAndTrueTimeNot() {
        let simulation = Simulation(seed: 1)
        let process = simulation.process("p")
        process.setClock(ahead: .seconds(3600))
        #expect(process.timeSource.now() - simulation.now == .seconds(3600))
        #expect(process.timeSource.uptime() == simulation.uptime)
        #expect(end(of: simulation) == .stuck)
    }

    @Test func whoNeverRestsIsALivelock() {
        let simulation = Simulation(seed: 1)
        simulation.process("p").start { while !Task.isCancelled { await Task.yield() } }
        guard case .livelock = end(of: simulation) else {
            Issue.record("nobody noticed")
            return
        }
    }

    #if os(Linux)
    @Test func aTaskOfItsOwnIsAnEscape() async {
        let simulation = Simulation(seed: 1)
        let (done, finish) = AsyncStream.makeStream(of: Void.self)
        simulation.process("p").start {
            // What the core must not do: nothing says where it runs.
            Task { finish.finish() }
        }
        guard case .escaped = end(of: simulation) else {
            Issue.record("nobody noticed")
            return
        }
        for await _ in done {}
    }
    #endif
}

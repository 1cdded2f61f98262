public import AntidoteCore
import Synchronization

/// Runs Swift concurrency under one seed: processes that can be stopped and killed, virtual time, and an order of jobs
/// that the seed decides. The same seed gives the same run, in any process and on any machine.
///
/// Everything happens on the thread that calls ``run(_:whenQuiet:afterStep:)``. What is to be simulated must take its
/// clock and random numbers from here, start no task of its own, and share its worlds as classes over a `Mutex`: an
/// actor runs where its caller does, and stops with it.
public final class Simulation: Sendable {
    /// What everything follows from.
    public let seed: UInt64
    /// What happened, as a hash and as lines.
    public let trace: SimulatedTrace
    private let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private let thread = Mutex<UInt?>(nil)
    private let state: Mutex<State>

    private struct State {
        var ready: [(job: UnownedJob, process: SimulatedProcess)] = []
        var sleepers = SleepQueue()
        /// Cancelled before they slept.
        var cancelled: Set<Int> = []
        var nextSleeper = 0
        var time: Int64 = 0
        var dice: SplitMix64
        /// How likely it is that the newest job is next, and not any: each seed has its own temper.
        var haste: Double
        var processes: [SimulatedProcess] = []
        var steps = 0
        var stepsAtThisTime = 0
        var escapes: [String] = []
        var isOver = false
    }

    /// What one run may take.
    public struct Budget: Sendable {
        /// Jobs in all.
        public var steps: Int
        /// More without time passing are a livelock.
        public var stepsAtOneTime: Int

        /// A budget of its own.
        public init(steps: Int, stepsAtOneTime: Int = 20_000) {
            self.steps = steps
            self.stepsAtOneTime = stepsAtOneTime
        }
    }

    /// How a run ended.
    public enum End: Sendable, Hashable {
        /// Whoever watched had seen enough.
        case stopped
        /// Nobody can go on, and nobody sleeps.
        case stuck
        /// The budget was spent.
        case livelock(steps: Int)
        /// Something ran, or was woken, outside of the simulation.
        case escaped([String])
    }

    /// - Parameters:
    ///   - seed: What everything that happens follows from.
    ///   - isRecording: Whether the trace keeps readable lines.
    public init(seed: UInt64, isRecording: Bool = false) {
        self.seed = seed
        trace = SimulatedTrace(isRecording: isRecording)
        var dice = SplitMix64(seed: seed)
        let haste = [0, 0, 0.3, 0.6, 0.9][dice.below(5)]
        state = Mutex(State(dice: dice, haste: haste))
    }

    /// A new process. One that starts again after a crash is a new one too.
    public func process(_ name: String) -> SimulatedProcess {
        state.withLock { state in
            let process = SimulatedProcess(name: name, number: state.processes.count, simulation: self)
            state.processes.append(process)
            return process
        }
    }

    /// True time, for who looks at the simulation from outside.
    public var now: Timestamp { start + uptime }
    /// Virtual time since the beginning.
    public var uptime: Duration { .microseconds(state.withLock { $0.time }) }
    /// How many jobs were run.
    public var steps: Int { state.withLock { $0.steps } }

    /// True time as a clock, for the worlds that outlive processes: a store, a provider.
    public var timeSource: TimeSource {
        TimeSource(now: { [self] in now }, uptime: { [self] in uptime }, sleep: { [self] in try await sleep($0) })
    }

    /// Something outside of all processes happens then: a fault, a restart.
    public func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.nextSleeper += 1
            let moment = state.time + max(0, delay.wholeMicroseconds)
            state.sleepers.add(.action(action), id: state.nextSleeper, until: moment)
        }
    }

    /// A line of the readable history.
    public func note(_ who: @autoclosure () -> String, _ what: @autoclosure () -> String) {
        guard trace.isRecording else { return }
        let (time, steps) = state.withLock { ($0.time, $0.steps) }
        trace.note("\(SimulatedTrace.seconds(time)) #\(steps) \(who()): \(what())")
    }

    /// Takes step after step until one of the two closures returns true: `afterStep` follows each job, `whenQuiet`
    /// comes before time moves on because nothing else can be done.
    public func run(
        _ budget: Budget,
        whenQuiet: () -> Bool,
        afterStep: (SimulatedProcess) -> Bool
    ) -> End {
        bindThread()
        defer { unbindThread() }
        while true {
            if let (job, process) = take() {
                trace.mix(UInt64(process.number) &* 31 &+ 7)
                job.runSynchronously(on: process.asUnownedTaskExecutor())
                if let end = trouble(within: budget) { return end }
                if afterStep(process) { return .stopped }
            } else {
                if whenQuiet() { return .stopped }
                guard advance() else { return .stuck }
            }
        }
    }

    /// Lets everything end that was left, dead processes too, and frees it. Nothing counts any more.
    public func dispose() {
        bindThread()
        defer { unbindThread() }
        let (processes, sleepers) = state.withLock { state in
            state.isOver = true
            return (state.processes, state.sleepers.takeDue(by: .max))
        }
        for process in processes { process.cancel() }
        for process in processes { process.release() }
        for case .task(let continuation) in sleepers { continuation.resume(throwing: CancellationError()) }
        var patience = 200_000
        while patience > 0, let (job, process) = take() {
            job.runSynchronously(on: process.asUnownedTaskExecutor())
            patience -= 1
        }
        state.withLock { $0.processes = [] }
    }

    func accept(_ job: UnownedJob?, of process: SimulatedProcess) {
        let isHome = thread.withLock { $0 == nil || $0 == ThreadIdentity.current }
        state.withLock { state in
            if let job { state.ready.append((job, process)) }
            if !isHome { state.escapes.append("\(process.name) was woken by another thread") }
        }
    }

    /// The jobs of a process that is stopped.
    func withdraw(_ process: SimulatedProcess) -> [UnownedJob] {
        state.withLock { state in
            let jobs = state.ready.filter { $0.process === process }.map(\.job)
            state.ready.removeAll { $0.process === process }
            return jobs
        }
    }

    func noteEscape(_ what: String) { state.withLock { $0.escapes.append(what) } }

    func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        defer { _ = state.withLock { $0.cancelled.remove(id) } }
        try await withTaskCancellationHandler {
            // Unsafe, because the checked kind complains of a task that was killed.
            try await withUnsafeThrowingContinuation { continuation in fallAsleep(id, duration, continuation) }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.remove(id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            if case .task(let continuation) = sleeper { continuation.resume(throwing: CancellationError()) }
        }
    }

    private func fallAsleep(_ id: Int, _ duration: Duration, _ continuation: UnsafeContinuation<Void, any Error>) {
        let outcome = state.withLock { state -> Result<Void, any Error>? in
            if state.isOver || state.cancelled.contains(id) { return .failure(CancellationError()) }
            if duration <= .zero { return .success(()) }
            state.sleepers.add(.task(continuation), id: id, until: state.time + max(1, duration.wholeMicroseconds))
            return nil
        }
        if let outcome { continuation.resume(with: outcome) }
    }

    private func take() -> (UnownedJob, SimulatedProcess)? {
        state.withLock { state in
            guard !state.ready.isEmpty else { return nil }
            state.steps += 1
            state.stepsAtThisTime += 1
            let last = state.ready.count - 1
            if state.haste == 0 || !state.dice.chance(state.haste) {
                state.ready.swapAt(state.dice.below(last + 1), last)
            }
            return state.ready.removeLast()
        }
    }

    /// Moves time on to the next sleeper. False if nobody sleeps.
    private func advance() -> Bool {
        let due = state.withLock { state -> [SleepQueue.Sleeper] in
            guard let moment = state.sleepers.earliest() else { return [] }
            if moment > state.time { state.stepsAtThisTime = 0 }
            state.time = max(state.time, moment)
            return state.sleepers.takeDue(by: moment)
        }
        for sleeper in due {
            switch sleeper {
            case .task(let continuation): continuation.resume()
            case .action(let action): action()
            }
        }
        return !due.isEmpty
    }

    private func trouble(within budget: Budget) -> End? {
        state.withLock { state in
            if !state.escapes.isEmpty { return .escaped(state.escapes) }
            if state.steps > budget.steps || state.stepsAtThisTime > budget.stepsAtOneTime {
                return .livelock(steps: state.steps)
            }
            return nil
        }
    }

    private func bindThread() {
        thread.withLock { $0 = ThreadIdentity.current }
        EscapeDetector.shared.watch(self)
    }

    private func unbindThread() {
        EscapeDetector.shared.forget(self)
        thread.withLock { $0 = nil }
    }
}

extension SimulatedTrace {
    /// Virtual time as people read it.
    static func seconds(_ microseconds: Int64) -> String {
        let millis = microseconds / 1000
        let fraction = String(millis % 1000 + 1000).dropFirst()
        return "\(millis / 1000).\(fraction)s"
    }
}

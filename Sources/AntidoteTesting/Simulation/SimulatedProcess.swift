public import AntidoteCore
import Synchronization

/// One process of a simulation: an executor of its own for everything that it runs, which can be stopped at any point
/// between two of its jobs, for a while or for good.
public final class SimulatedProcess: TaskExecutor {
    /// As the history calls it.
    public let name: String
    /// In the order in which the processes of a simulation were made, from 0.
    public let number: Int
    private let simulation: Simulation
    private let state = Mutex(State())

    private enum Mode {
        case running
        case paused
        case dead
    }

    private struct State {
        var mode = Mode.running
        /// Of a paused or dead process.
        var held: [UnownedJob] = []
        var skew: Duration = .zero
        var roots: [Task<Void, Never>] = []
        var running = 0
    }

    init(name: String, number: Int, simulation: Simulation) {
        self.name = name
        self.number = number
        self.simulation = simulation
    }

    /// Starts something in this process; what it starts in turn stays here.
    public func start(_ operation: @escaping @Sendable () async -> Void) {
        // Unstructured: a process of a simulation is nobody's child, and its end is seen by who runs the simulation.
        state.withLock { $0.running += 1 }
        let task = Task(executorPreference: self) {
            await operation()
            self.state.withLock { $0.running -= 1 }
        }
        state.withLock { $0.roots.append(task) }
    }

    /// Called by the Swift runtime only.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let runs = state.withLock { state in
            if state.mode != .running { state.held.append(job) }
            return state.mode == .running
        }
        simulation.accept(runs ? job : nil, of: self)
    }

    /// As `kill -9` does: nothing of it runs any more, and nothing of it is told.
    public func kill() {
        state.withLock { $0.mode = .dead }
        hold(simulation.withdraw(self))
    }

    /// As `SIGSTOP` does: time goes on without it.
    public func pause() {
        let isRunning = state.withLock { state in
            guard state.mode == .running else { return false }
            state.mode = .paused
            return true
        }
        if isRunning { hold(simulation.withdraw(self)) }
    }

    /// As `SIGCONT` does. Nothing if it is not paused.
    public func resume() {
        let isPaused = state.withLock { $0.mode == .paused }
        if isPaused { release() }
    }

    /// Asks what runs in it to end, as `SIGTERM` does.
    public func cancel() {
        for root in state.withLock({ $0.roots }) { root.cancel() }
    }

    /// Whether all that was started in it has come to its end.
    public var isIdle: Bool { state.withLock { $0.running == 0 } }
    /// Whether it was killed.
    public var isDead: Bool { state.withLock { $0.mode == .dead } }
    /// Whether it was paused and not resumed.
    public var isPaused: Bool { state.withLock { $0.mode == .paused } }

    /// Its wall clock is set, and says from now on that much more than the true time.
    public func setClock(ahead skew: Duration) { state.withLock { $0.skew = skew } }

    /// The clocks of this process: virtual time, and a wall clock that may be wrong.
    public var timeSource: TimeSource {
        TimeSource(
            now: { [self] in simulation.now + state.withLock { $0.skew } },
            uptime: { [simulation] in simulation.uptime },
            sleep: { [simulation] in try await simulation.sleep($0) }
        )
    }

    /// After the simulation: even a dead process may end now, so that its memory is freed.
    func release() {
        let held = state.withLock { state in
            state.mode = .running
            defer { state.held = [] }
            return state.held
        }
        for job in held { simulation.accept(job, of: self) }
    }

    private func hold(_ jobs: [UnownedJob]) { state.withLock { $0.held += jobs } }
}

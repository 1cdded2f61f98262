import Synchronization

/// Rings at given times. For deadlines: there are many, and nearly all are called off, so that setting one and calling it
/// off must cost no timer of the system and no thread.
final class AlarmClock: Sendable {
    typealias ID = Int

    private struct Alarm {
        var time: Duration
        var ring: @Sendable () -> Void
    }

    private struct Entry: Comparable {
        var time: Duration
        var id: ID

        static func < (left: Entry, right: Entry) -> Bool { (left.time, left.id) < (right.time, right.id) }
    }

    private struct State {
        var alarms: [ID: Alarm] = [:]
        /// By their times; what was called off is still in it for a while.
        var order = Heap<Entry>()
        var last = 0
        /// When those who sleep wake: whoever was sooner than all before sleeps beside them.
        var sleepers: [Duration] = []

        /// Whether nobody wakes by then; whoever asks does.
        mutating func mustSleep(until time: Duration) -> Bool {
            guard sleepers.allSatisfy({ time < $0 }) else { return false }
            sleepers.append(time)
            return true
        }
    }

    private let uptime: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Mutex(State())

    init(uptime: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.uptime = uptime
        self.sleep = sleep
    }

    /// Calls `ring` once, after `delay`, unless it is called off.
    func set(after delay: Duration, _ ring: @escaping @Sendable () -> Void) -> ID {
        let time = uptime() + delay
        let (id, mustSleep) = state.withLock { state in
            state.last += 1
            state.alarms[state.last] = Alarm(time: time, ring: ring)
            state.order.insert(Entry(time: time, id: state.last))
            return (state.last, state.mustSleep(until: time))
        }
        if mustSleep { wake(at: time) }
        return id
    }

    /// Does nothing if it has rung.
    func callOff(_ id: ID) {
        state.withLock { state in
            state.alarms[id] = nil
            guard state.order.count > 2 * state.alarms.count + 1024 else { return }
            state.order = Heap(state.alarms.map { Entry(time: $0.value.time, id: $0.key) })
        }
    }

    /// How many are set.
    var count: Int { state.withLock { $0.alarms.count } }

    /// How many are kept, with those that were called off.
    var remembered: Int { state.withLock { $0.order.count } }

    /// How many tasks sleep until an alarm.
    var sleeping: Int { state.withLock { $0.sleepers.count } }

    private func wake(at time: Duration) {
        startUnowned { [self] in
            var time = time
            while true {
                // Nobody cancels it.
                try? await sleep(max(.zero, time - uptime()))
                guard let next = ring(at: time) else { return }
                time = next
            }
        }
    }

    /// Returns when to wake next; `nil`: somebody else does soon enough, or nothing is set.
    private func ring(at time: Duration) -> Duration? {
        let now = uptime()
        let (due, next) = state.withLock { state in
            var due: [@Sendable () -> Void] = []
            while let first = state.order.first, first.time <= now || state.alarms[first.id] == nil {
                _ = state.order.popFirst()
                if let alarm = state.alarms.removeValue(forKey: first.id) { due.append(alarm.ring) }
            }
            if let index = state.sleepers.firstIndex(of: time) { state.sleepers.remove(at: index) }
            guard let next = state.order.first?.time, state.mustSleep(until: next) else { return (due, Duration?.none) }
            return (due, next)
        }
        for ring in due { ring() }
        return next
    }
}

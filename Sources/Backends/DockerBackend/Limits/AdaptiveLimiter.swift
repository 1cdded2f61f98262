import AntidoteCore
import ConcurrencyKit
import Metrics
import Synchronization

/// Lets only as many mutating calls through to the engine as it bears.
///
/// Whose work began first is served first: of many labs at once some are ready soon, rather than all of them late.
final class AdaptiveLimiter: Sendable {
    private struct State {
        var limit: AdaptiveLimit
        var running = 0
        var nextTicket: UInt64 = 0
        /// By turn, and by ticket within a turn. Cancelled ones are skipped when they come up.
        var waiting = Heap<Entry>()

        /// Hands free slots to the calls that wait. Returns their tasks, to be resumed.
        mutating func handOutSlots() -> [Wakeup] {
            var wakeups: [Wakeup] = []
            while running < limit.slots, let next = waiting.popFirst() {
                guard let wakeup = next.waiter.provide(.success(())) else { continue }
                running += 1
                wakeups.append(wakeup)
            }
            return wakeups
        }
    }

    private struct Entry: Comparable {
        var turn: UInt64
        var ticket: UInt64
        let waiter = Waiter<Void>()

        static func == (left: Entry, right: Entry) -> Bool { left.ticket == right.ticket }
        static func < (left: Entry, right: Entry) -> Bool { (left.turn, left.ticket) < (right.turn, right.ticket) }
    }

    private let state: Mutex<State>
    private let time: TimeSource
    private let limitGauge: Gauge

    init(limit: AdaptiveLimit, time: TimeSource, backend: BackendID) {
        state = Mutex(State(limit: limit))
        self.time = time
        limitGauge = Gauge(label: "antidote_docker_concurrency_limit", dimensions: [("backend", backend.rawValue)])
        limitGauge.record(limit.value)
    }

    /// The number of calls that wait for a slot, and of cancelled ones that did.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Starts anew from what the engine says of its host.
    func reset(to limit: AdaptiveLimit) {
        handOutSlots { $0.limit = limit }
        limitGauge.record(limit.value)
    }

    /// A place in line for all calls of one piece of work.
    func nextTurn() -> UInt64 {
        state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
    }

    /// Runs `operation` when there is room and nobody of an earlier turn waits. `isOverload` says whether an error is the
    /// engine's trouble.
    func withSlot<Value>(
        _ kind: String,
        turn: UInt64,
        isOverload: (any Error) -> Bool,
        _ operation: () async throws -> Value
    ) async throws -> Value {
        try await acquire(turn)
        let start = time.uptime()
        do {
            let value = try await operation()
            release(kind, since: start, failed: false)
            return value
        } catch {
            release(kind, since: start, failed: isOverload(error))
            throw error
        }
    }

    private func acquire(_ turn: UInt64) async throws {
        try Task.checkCancellation()
        let ticket = nextTurn()
        let entry = Entry(turn: turn, ticket: ticket)
        handOutSlots { $0.waiting.insert(entry) }
        try await entry.waiter.value()
    }

    private func release(_ kind: String, since start: Duration, failed: Bool) {
        let seconds = (time.uptime() - start).inSeconds
        handOutSlots { state in
            state.limit.record(kind: kind, seconds: seconds, failed: failed, inFlight: state.running)
            state.running -= 1
        }
        limitGauge.record(state.withLock { $0.limit.value })
    }

    private func handOutSlots(after change: (inout State) -> Void) {
        let wakeups = state.withLock { state in
            change(&state)
            return state.handOutSlots()
        }
        for wakeup in wakeups { wakeup() }
    }
}

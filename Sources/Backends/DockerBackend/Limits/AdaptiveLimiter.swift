import AntidoteCore
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
        /// By turn, and by ticket within a turn.
        var waiting: [Waiter] = []
        /// Cancelled before they had begun to wait.
        var cancelled: Set<UInt64> = []
    }

    private struct Waiter {
        var turn: UInt64
        var ticket: UInt64
        var wake: CheckedContinuation<Bool, Never>
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

    /// How many wait for room.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Starts anew from what the engine says of its host.
    func reset(to limit: AdaptiveLimit) {
        wake(after: { $0.limit = limit })
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
        let ticket = nextTurn()
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return false }
                    if state.running < state.limit.slots, state.waiting.isEmpty {
                        state.running += 1
                        return true
                    }
                    let place = state.waiting.lastIndex { $0.turn <= turn }.map { $0 + 1 } ?? 0
                    state.waiting.insert(Waiter(turn: turn, ticket: ticket, wake: continuation), at: place)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.cancelled.insert(ticket)
                    return CheckedContinuation<Bool, Never>?.none
                }
                return state.waiting.remove(at: index).wake
            }
            waiter?.resume(returning: false)
        }
        state.withLock { _ = $0.cancelled.remove(ticket) }
        guard granted else { throw CancellationError() }
    }

    private func release(_ kind: String, since start: Duration, failed: Bool) {
        let seconds = (time.uptime() - start).inSeconds
        wake(after: { state in
            state.limit.record(kind: kind, seconds: seconds, failed: failed, inFlight: state.running)
            state.running -= 1
        })
        limitGauge.record(state.withLock { $0.limit.value })
    }

    private func wake(after change: (inout State) -> Void) {
        let next = state.withLock { state in
            change(&state)
            var ready: [CheckedContinuation<Bool, Never>] = []
            while state.running < state.limit.slots, !state.waiting.isEmpty {
                state.running += 1
                ready.append(state.waiting.removeFirst().wake)
            }
            return ready
        }
        for continuation in next { continuation.resume(returning: true) }
    }
}

import AntidoteCore
import Metrics
import Synchronization

/// Lets only as many mutating calls through to the engine as it bears, first come, first served.
final class AdaptiveLimiter: Sendable {
    private struct State {
        var limit: AdaptiveLimit
        var running = 0
        var nextTicket: UInt64 = 0
        var waiting: [(ticket: UInt64, wake: CheckedContinuation<Bool, Never>)] = []
        /// Cancelled before they had begun to wait.
        var cancelled: Set<UInt64> = []
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

    /// Starts anew from what the engine says of its host.
    func reset(to limit: AdaptiveLimit) {
        wake(after: { $0.limit = limit })
        limitGauge.record(limit.value)
    }

    /// Runs `operation` when it is its turn. `isOverload` says whether an error is the engine's trouble.
    func withSlot<Value>(
        _ kind: String,
        isOverload: (any Error) -> Bool,
        _ operation: () async throws -> Value
    ) async throws -> Value {
        try await acquire()
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

    private func acquire() async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return false }
                    if state.running < state.limit.slots, state.waiting.isEmpty {
                        state.running += 1
                        return true
                    }
                    state.waiting.append((ticket, continuation))
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
            state.running -= 1
            state.limit.record(kind: kind, seconds: seconds, failed: failed)
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

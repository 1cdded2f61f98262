import Synchronization

/// One waiter, any number of callers who say that there may be work. A signal without a waiter is kept.
final class WakeSignal: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isPending = false
        var turn = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    func signal() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isPending = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns at the next signal, after `limit`, or when the task is cancelled.
    func wait(atMost limit: Duration, on time: TimeSource) async {
        if takePending() { return }
        if let alarms = time.alarms {
            // One that rings just after the waiter has gone is kept, and wakes the next one for nothing.
            let alarm = alarms.set(after: limit) { self.signal() }
            await wait()
            return alarms.callOff(alarm)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await time.sleep(limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Whether there was a signal; then it is taken.
    func takePending() -> Bool {
        state.withLock { state in
            defer { state.isPending = false }
            return state.isPending
        }
    }

    /// Returns at the next signal, or when the task is cancelled.
    func wait() async {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled { return true }
                    if state.isPending {
                        state.isPending = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard state.turn == turn else { return nil }
                let waiter = state.waiter
                state.waiter = nil
                return waiter
            }
            waiter?.resume()
        }
    }
}

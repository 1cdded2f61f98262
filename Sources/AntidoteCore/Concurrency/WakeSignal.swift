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

    /// Returns at the next signal, after `limit`, or when the task is cancelled. False: `limit` was over, and perhaps there
    /// was a signal as well.
    @discardableResult
    func wait(atMost limit: Duration, on time: TimeSource) async -> Bool {
        if takePending() { return true }
        if let alarms = time.alarms {
            let end = End()
            // One that rings just after the waiter has gone is kept, and wakes the next one for nothing.
            let alarm = alarms.set(after: limit) {
                end.come()
                self.signal()
            }
            await wait()
            alarms.callOff(alarm)
            return !end.hasCome
        }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.wait()
                return true
            }
            group.addTask {
                try? await time.sleep(limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
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

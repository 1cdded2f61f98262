import Synchronization

/// Wakes one waiting task when any number of callers signal that there may be work. A signal without a waiter is kept.
package final class WakeSignal: Sendable {
    private struct State {
        var isPending = false
        var waiter: Waiter<Void>?
    }

    private let state = Mutex(State())

    package init() {}

    package func signal() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isPending = waiter == nil
            return waiter
        }
        // The task was cancelled in the meantime: the signal is for the next one.
        if let waiter, !waiter.resume() { signal() }
    }

    /// Takes the signal that is kept, if there is one.
    package func takePending() -> Bool {
        state.withLock { state in
            defer { state.isPending = false }
            return state.isPending
        }
    }

    /// Returns at the next signal, or when the task is cancelled.
    package func wait() async {
        let waiter = Waiter<Void>()
        let isOver = state.withLock { state in
            if Task.isCancelled { return true }
            if state.isPending {
                state.isPending = false
                return true
            }
            state.waiter = waiter
            return false
        }
        // Cancellation ends the wait as a signal does.
        if !isOver { try? await waiter.value() }
    }
}

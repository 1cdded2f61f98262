import Synchronization

/// Calls wait before it until it is opened; whoever is interested hears of each that has come.
final class Gate: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isOpen = false
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var interested: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    /// Waits, whatever becomes of the task: a database that does not answer cannot be talked out of it.
    func pass() async {
        let due = state.withLock { state in
            state.arrived += 1
            let due = state.interested.filter { $0.count <= state.arrived }
            state.interested.removeAll { $0.count <= state.arrived }
            return due
        }
        for one in due { one.1.resume() }
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    /// Returns as soon as so many have come.
    func arrived(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.arrived < count { state.interested.append((count, continuation)) }
                return state.arrived >= count
            }
            if isDue { continuation.resume() }
        }
    }

    var count: Int { state.withLock { $0.arrived } }
}

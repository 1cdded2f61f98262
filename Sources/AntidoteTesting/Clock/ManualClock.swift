public import AntidoteCore
import Synchronization

/// Time that stands still until a test moves it.
///
/// Sleepers wake in the order of their deadlines, and in the order of their calls within one.
public final class ManualClock: Sendable {
    private let state: Mutex<State>

    private struct State {
        var uptime: Duration = .zero
        var start: Timestamp
        var nextID = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []
    }

    private struct Sleeper {
        var deadline: Duration
        var id: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    /// A clock that shows `start`, and stands still until it is moved.
    public init(start: Timestamp = Timestamp(microseconds: 1_700_000_000_000_000)) {
        state = Mutex(State(start: start))
    }

    /// This clock as the core takes it.
    public var timeSource: TimeSource {
        TimeSource(
            now: { [self] in state.withLock { $0.start + $0.uptime } },
            uptime: { [self] in state.withLock { $0.uptime } },
            sleep: { [self] in try await sleep(for: $0) }
        )
    }

    /// Moves time on, and wakes whoever slept until then.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.uptime += duration
            let now = state.uptime
            let due = state.sleepers.filter { $0.deadline <= now }
                .sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
            state.sleepers.removeAll { $0.deadline <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves time on to the next deadline that somebody sleeps for. False if nobody does.
    @discardableResult
    public func advanceToNextDeadline() -> Bool {
        let step = state.withLock { state in
            state.sleepers.map(\.deadline).min().map { $0 - state.uptime }
        }
        guard let step else { return false }
        advance(by: max(.zero, step))
        return true
    }

    /// Returns as soon as at least `count` tasks sleep.
    public func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { _ = state.withLock { $0.cancelled.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in fallAsleep(id, duration, continuation) }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let index = state.sleepers.firstIndex(where: { $0.id == id }) {
                    return state.sleepers.remove(at: index)
                }
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func fallAsleep(_ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Void, any Error>) {
        let (outcome, woken) = state.withLock { state -> (Result<Void, any Error>?, [Watcher]) in
            if state.cancelled.contains(id) { return (.failure(CancellationError()), []) }
            if duration <= .zero { return (.success(()), []) }
            state.sleepers.append(Sleeper(deadline: state.uptime + duration, id: id, continuation: continuation))
            let count = state.sleepers.count
            let woken = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return (nil, woken)
        }
        if let outcome { continuation.resume(with: outcome) }
        for watcher in woken { watcher.continuation.resume() }
    }
}

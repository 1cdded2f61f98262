import ConcurrencyKit
import Synchronization

/// The latest progress of each environment, published at most twice a second.
final class ProgressBoard: Sendable {
    private let state = Mutex(State())
    private let changed = WakeSignal()

    private struct State {
        var snapshots: [EnvironmentID: ProgressSnapshot] = [:]
        var dirty: Set<EnvironmentID> = []
        /// Forgotten as soon as the last of it is published.
        var settled: Set<EnvironmentID> = []
    }

    func reporter(for id: EnvironmentID) -> ProgressReporter {
        ProgressReporter { [self] progress in
            state.withLock { state in
                state.snapshots[id, default: ProgressSnapshot(environment: id)].note(progress)
                state.dirty.insert(id)
                state.settled.remove(id)
            }
            changed.signal()
        }
    }

    /// Nothing happens to it for now: its latest value is published, and then forgotten.
    func settle(_ id: EnvironmentID) {
        state.withLock { state in
            if state.dirty.contains(id) { state.settled.insert(id) } else { state.snapshots[id] = nil }
        }
    }

    /// How many environments it remembers.
    var count: Int { state.withLock { $0.snapshots.count } }

    func forget(_ id: EnvironmentID) {
        state.withLock { state in
            state.snapshots[id] = nil
            state.dirty.remove(id)
            state.settled.remove(id)
        }
    }

    /// Publishes until it is cancelled.
    func run(_ publisher: EventPublisher) async throws {
        while !Task.isCancelled {
            await changed.wait()
            let due = state.withLock { state in
                let due = state.dirty.sorted().compactMap { state.snapshots[$0] }
                for id in state.settled { state.snapshots[id] = nil }
                state.dirty = []
                state.settled = []
                return due
            }
            for snapshot in due { await publisher.publish(snapshot) }
            try await publisher.parts.time.sleep(.milliseconds(500))
        }
    }
}

import ConcurrencyKit
import Synchronization

/// The latest progress of each environment, published at most twice a second.
final class ProgressBoard: Sendable {
    private let state = Mutex(State())
    private let changed = WakeSignal()

    private struct State {
        var latest: [EnvironmentID: Latest] = [:]
        var dirty: Set<EnvironmentID> = []
        /// Forgotten as soon as the last of it is published.
        var settled: Set<EnvironmentID> = []
    }

    private struct Latest {
        /// The kind of the environment's source.
        let kind: String
        var snapshot: ProgressSnapshot
    }

    /// - Parameter kind: Of the environment's source: it decides on which subject the progress is published.
    func reporter(for id: EnvironmentID, kind: String) -> ProgressReporter {
        ProgressReporter { [self] progress in
            state.withLock { state in
                state.latest[id, default: Latest(kind: kind, snapshot: ProgressSnapshot(environment: id))]
                    .snapshot.note(progress)
                state.dirty.insert(id)
                state.settled.remove(id)
            }
            changed.signal()
        }
    }

    /// Nothing happens to it for now: its latest value is published, and then forgotten.
    func settle(_ id: EnvironmentID) {
        state.withLock { state in
            if state.dirty.contains(id) { state.settled.insert(id) } else { state.latest[id] = nil }
        }
    }

    /// How many environments it remembers.
    var count: Int { state.withLock { $0.latest.count } }

    func forget(_ id: EnvironmentID) {
        state.withLock { state in
            state.latest[id] = nil
            state.dirty.remove(id)
            state.settled.remove(id)
        }
    }

    /// Publishes until it is cancelled.
    func run(_ publisher: EventPublisher) async throws {
        while !Task.isCancelled {
            await changed.wait()
            let due = state.withLock { state in
                let due = state.dirty.sorted().compactMap { state.latest[$0] }
                for id in state.settled { state.latest[id] = nil }
                state.dirty = []
                state.settled = []
                return due
            }
            for latest in due { await publisher.publish(latest.snapshot, ofKind: latest.kind) }
            try await publisher.time.sleep(.milliseconds(500))
        }
    }
}

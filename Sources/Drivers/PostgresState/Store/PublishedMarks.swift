import AntidoteCore
import PostgresClient
import Synchronization

/// Which events were published, until that is written: with the next write, or after a short pause.
///
/// What a crash loses of it is published once more by the relay.
final class PublishedMarks: Sendable {
    private struct Mark: Hashable, Comparable {
        var environment: String
        var sequence: Int64

        static func < (left: Mark, right: Mark) -> Bool {
            (left.environment, left.sequence) < (right.environment, right.sequence)
        }
    }

    private static let pause = Duration.milliseconds(100)

    private let pool: PostgresPool
    private let time: TimeSource
    private let marks = Mutex<(waiting: Set<Mark>, isScheduled: Bool)>(([], false))

    init(pool: PostgresPool, time: TimeSource) {
        self.pool = pool
        self.time = time
    }

    func add(_ events: [EnvironmentEvent]) {
        guard !events.isEmpty else { return }
        let mustSchedule = marks.withLock { marks in
            for event in events {
                marks.waiting.insert(Mark(environment: event.environment.rawValue, sequence: event.sequence))
            }
            defer { marks.isScheduled = true }
            return !marks.isScheduled
        }
        guard mustSchedule else { return }
        // Unstructured: whoever published does not wait for this.
        Task {
            try? await time.sleep(Self.pause)
            await flush()
        }
    }

    /// What is to be written, which is the caller's to do from now on. In one order for all, so that no two block each
    /// other.
    func take() -> PostgresStatement? {
        let taken = marks.withLock { marks in
            defer { marks = ([], false) }
            return marks.waiting.sorted()
        }
        guard !taken.isEmpty else { return nil }
        return Self.update(.texts(taken.map(\.environment)), .integers(taken.map(\.sequence)))
    }

    func flush() async {
        guard let statement = take() else { return }
        // Where it fails, the relay publishes once more.
        _ = try? await pool.transaction(isRepeatable: true) { transaction in
            try transaction.finish([statement])
            return
        }
    }

    // By the key alone: what is left of those unpublished is a walk over all that were a moment ago.
    private static let update = PostgresQuery(
        "mark published",
        """
        update antidote_state_events as event set published = true \
        from unnest($1::text[], $2::bigint[]) as mark (environment, sequence) \
        where event.environment = mark.environment and event.sequence = mark.sequence
        """
    )
}

import AntidoteCore
import Synchronization

/// Limits how often the activity of an environment is recorded, so that a client that asks twice a second costs no
/// statement each time.
final class ActivityThrottle: Sendable {
    private let interval: Duration
    private let capacity: Int
    private let recorded = Mutex<[EnvironmentID: Duration]>([:])

    /// - Parameters:
    ///   - interval: How long no activity is recorded after some was.
    ///   - capacity: How many environments are remembered; activity of any others is always recorded.
    init(interval: Duration, capacity: Int = 100_000) {
        self.interval = interval
        self.capacity = capacity
    }

    /// Whether activity at `uptime` is to be recorded. If so, the next is not until the interval has passed.
    func shouldRecord(_ id: EnvironmentID, at uptime: Duration) -> Bool {
        recorded.withLock { recorded in
            if let last = recorded[id], uptime - last < interval { return false }
            if recorded.count >= capacity { recorded = recorded.filter { uptime - $0.value < interval } }
            if recorded.count < capacity { recorded[id] = uptime }
            return true
        }
    }

    /// Recording failed: the next activity is to be recorded again.
    func forget(_ id: EnvironmentID) { recorded.withLock { _ = $0.removeValue(forKey: id) } }
}

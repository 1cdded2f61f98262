import Synchronization

/// When a service last told the store that something is in use, so that a client that asks twice a second costs no
/// statement each time.
final class UseNotes: Sendable {
    private let interval: Duration
    private let capacity: Int
    private let told = Mutex<[EnvironmentID: Duration]>([:])

    /// - Parameters:
    ///   - interval: How long nothing needs to be told after something was.
    ///   - capacity: How many are remembered; beyond them the store is told more often.
    init(interval: Duration, capacity: Int = 100_000) {
        self.interval = interval
        self.capacity = capacity
    }

    /// Whether the store is to be told now.
    func isDue(_ id: EnvironmentID, at uptime: Duration) -> Bool {
        told.withLock { told in
            if let last = told[id], uptime - last < interval { return false }
            if told.count >= capacity { told = told.filter { uptime - $0.value < interval } }
            if told.count < capacity { told[id] = uptime }
            return true
        }
    }

    /// The store could not be told: the next use is due again.
    func forget(_ id: EnvironmentID) { told.withLock { _ = $0.removeValue(forKey: id) } }
}

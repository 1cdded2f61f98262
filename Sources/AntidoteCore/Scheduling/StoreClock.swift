/// The store's clock, as far as a worker can know it: the time of the store's last answer, and what has passed since.
///
/// A worker's own wall clock may be an hour off; it is never asked.
struct StoreClock: Sendable {
    private var answered: Timestamp
    private var uptime: Duration
    private let time: TimeSource

    init(_ answered: Timestamp, time: TimeSource) {
        self.answered = answered
        self.time = time
        uptime = time.uptime()
    }

    var now: Timestamp { answered + (time.uptime() - uptime) }
}

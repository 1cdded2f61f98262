import Logging
import Metrics
import Synchronization

/// What is lost and what goes wrong on the bus: always counted, and said in the log once in a while.
final class BusCounters: Sendable {
    let logger: Logger
    private let slow = Counter(label: "antidote_bus_dropped_messages", dimensions: [("reason", "slow")])
    private let large = Counter(label: "antidote_bus_dropped_messages", dimensions: [("reason", "large")])
    private let headers = Counter(label: "antidote_bus_refused_headers")
    private let connected = Counter(label: "antidote_bus_connections", dimensions: [("event", "connected")])
    private let lost = Counter(label: "antidote_bus_connections", dimensions: [("event", "lost")])
    private let failed = Counter(label: "antidote_bus_connections", dimensions: [("event", "failed")])
    private let errors = Counter(label: "antidote_bus_errors")
    /// When each kind of line was last written.
    private let lines = Mutex<[String: ContinuousClock.Instant]>([:])

    init(logger: Logger) { self.logger = logger }

    func droppedSlow(_ count: Int, pattern: String) {
        slow.increment(by: count)
        onceInAWhile("slow \(pattern)") {
            logger.warning(
                "a subscriber is too slow for the bus and loses the oldest messages",
                metadata: ["antidote.subject": .string(pattern)]
            )
        }
    }

    func droppedLarge(_ bytes: Int, pattern: String) {
        large.increment()
        onceInAWhile("large") {
            logger.warning(
                "a message that is too large was not taken from the bus",
                metadata: ["antidote.subject": .string(pattern), "bytes": .stringConvertible(bytes)]
            )
        }
    }

    func refusedHeaders(pattern: String) {
        headers.increment()
        onceInAWhile("headers") {
            logger.warning(
                "headers of a message on the bus break the rules, and were left out",
                metadata: ["antidote.subject": .string(pattern)]
            )
        }
    }

    func gotConnected(to place: String) {
        connected.increment()
        logger.info("connected to the bus", metadata: ["server": .string(place)])
    }

    func lostConnection(to place: String, because reason: String) {
        lost.increment()
        logger.warning(
            "the connection to the bus is lost; it is tried again without end",
            metadata: ["server": .string(place), "reason": .string(reason)]
        )
    }

    func failedToConnect(because error: any Error) {
        failed.increment()
        onceInAWhile("connect") { logger.warning("the bus is out of reach", metadata: ["error": "\(error)"]) }
    }

    func met(_ error: String) {
        errors.increment()
        onceInAWhile("error") { logger.warning("the bus reported an error", metadata: ["error": .string(error)]) }
    }

    private func onceInAWhile(_ kind: String, _ write: () -> Void) {
        let isDue = lines.withLock { lines in
            let now = ContinuousClock.now
            if let last = lines[kind], last.duration(to: now) < .seconds(10) { return false }
            // Patterns come and go: what was written long ago is forgotten.
            if lines.count > 100 { lines = lines.filter { $0.value.duration(to: now) < .seconds(10) } }
            lines[kind] = now
            return true
        }
        if isDue { write() }
    }
}

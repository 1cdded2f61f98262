import AntidoteCore
import Tracing

/// When a span began, and with it when it ended: its length is measured by the clock that never jumps.
struct SpanStopwatch: Sendable {
    let start: UInt64
    private let startUptime: Duration
    private let time: TimeSource

    /// Begins now, or at `instant` if the caller states one of its own.
    init(time: TimeSource, at instant: some TracerInstant) {
        self.time = time
        startUptime = time.uptime()
        start = Self.stated(instant) ?? SpanInstant(time.now()).nanosecondsSinceEpoch
    }

    /// The present, or `instant` if the caller states one of its own; never before the start.
    func moment(_ instant: some TracerInstant) -> UInt64 {
        if let stated = Self.stated(instant) { return max(start, stated) }
        let passed = max(0, (time.uptime() - startUptime).wholeMicroseconds)
        let (scaled, overflow) = UInt64(passed).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : start.addingReportingOverflow(scaled).partialValue
    }

    // An instant of the default clock is what `withSpan` fills in for a caller who says nothing; our clock tells it.
    private static func stated(_ instant: some TracerInstant) -> UInt64? {
        instant is DefaultTracerClock.Timestamp ? nil : instant.nanosecondsSinceEpoch
    }
}

public import AntidoteCore
public import Tracing

/// A moment that a span began or ended at, for a caller who knows better than the tracer's clock.
public struct SpanInstant: TracerInstant {
    public let nanosecondsSinceEpoch: UInt64

    /// The same moment as `timestamp`; what is before 1970 counts as its beginning.
    public init(_ timestamp: Timestamp) {
        nanosecondsSinceEpoch = UInt64(max(0, timestamp.microseconds)).multipliedClamped(by: 1000)
    }

    init(nanosecondsSinceEpoch: UInt64) { self.nanosecondsSinceEpoch = nanosecondsSinceEpoch }

    public static func < (left: SpanInstant, right: SpanInstant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

extension UInt64 {
    fileprivate func multipliedClamped(by factor: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}

/// Which traces are kept: what the parent decided, and without a parent a share of all, by the trace's id.
///
/// Every process that knows the same share decides alike about the same trace, without asking.
public struct SpanSampler: Sendable, Hashable {
    /// The share of traces that is kept, from 0 to 1.
    public let ratio: Double

    /// Traces whose last 56 bits are below this are not kept.
    private let threshold: UInt64

    /// All of them.
    public static let all = SpanSampler(ratio: 1)

    /// Keeps the share `ratio`; what is below 0 or no number counts as 0, what is above 1 as 1.
    public init(ratio: Double) {
        self.ratio = ratio.isNaN ? 0 : min(max(ratio, 0), 1)
        threshold = UInt64(((1 - self.ratio) * 0x1.0p56).rounded())
    }

    /// Whether a span of `traceID` under `parent` is kept.
    func keeps(_ traceID: TraceID, parent: TraceContext?) -> Bool {
        parent?.isSampled ?? (traceID.low & 0x00FF_FFFF_FFFF_FFFF >= threshold)
    }
}

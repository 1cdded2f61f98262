import Metrics

/// What the export of spans counts.
struct ExportMetrics: Sendable {
    /// Why a span was not exported.
    enum DropReason: String {
        /// The exporter did not keep up, or there was no receiver for long.
        case bufferFull = "buffer_full"
        /// It ended after the exporter had.
        case afterEnd = "after_end"
        /// The receiver could not be reached, as often as it was tried.
        case unreachable
        /// The receiver answered that it does not want it.
        case refused
        /// It was still there when the time for the last export was over.
        case atEnd = "at_end"
    }

    let exported: Counter
    let failedRequests: Counter
    private let unreachable: Counter
    private let refused: Counter
    private let atEnd: Counter

    init(_ metrics: any MetricsFactory) {
        exported = Counter(label: "antidote_spans_exported", factory: metrics)
        failedRequests = Counter(label: "antidote_span_export_failed_requests", factory: metrics)
        unreachable = Self.dropped(.unreachable, metrics)
        refused = Self.dropped(.refused, metrics)
        atEnd = Self.dropped(.atEnd, metrics)
    }

    func drop(_ count: Int, _ reason: DropReason) {
        guard count > 0 else { return }
        switch reason {
        case .unreachable: unreachable.increment(by: count)
        case .refused: refused.increment(by: count)
        case .atEnd: atEnd.increment(by: count)
        case .bufferFull, .afterEnd: break
        }
    }

    static func dropped(_ reason: DropReason, _ metrics: any MetricsFactory) -> Counter {
        Counter(label: "antidote_spans_dropped", dimensions: [("reason", reason.rawValue)], factory: metrics)
    }
}

public import Tracing

/// Which span of which trace something belongs to, as W3C's Trace Context tells it from one process to the next.
public struct TraceContext: Sendable, Hashable {
    /// The trace.
    public let traceID: TraceID
    /// The span.
    public let spanID: SpanID
    /// Whether the spans of this trace are kept.
    public let isSampled: Bool
    /// Whether the maker of the trace says that its id is random (the second flag of Trace Context's second level).
    let hasRandomID: Bool
    /// What other tracing systems pass along, as it came.
    public let state: TraceState
    /// Whether it came from another process.
    public let isRemote: Bool

    init(
        traceID: TraceID,
        spanID: SpanID,
        isSampled: Bool,
        hasRandomID: Bool = false,
        state: TraceState = .empty,
        isRemote: Bool = false
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.hasRandomID = hasRandomID
        self.state = state
        self.isRemote = isRemote
    }
}

extension TraceContext {
    /// The header, or key of a carrier, with the ids.
    static let parentKey = "traceparent"
    /// The header, or key of a carrier, with what other systems pass along.
    static let stateKey = "tracestate"

    /// What another process sent; `nil` if it does not follow the standard.
    ///
    /// A `traceparent` of a later version is read as far as this one goes, as the standard wants it. A `tracestate`
    /// that is wrong or too long is left out; the trace goes on without it.
    public init?(traceparent: String, tracestate: String?) {
        let text = traceparent[...].utf8
        guard (55...512).contains(text.count) else { return nil }
        let parts = traceparent.utf8.prefix(55).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 4,
            let version = Self.byte(parts[0]), version != 0xFF,
            let traceID = TraceID(hex: parts[1]), let spanID = SpanID(hex: parts[2]),
            let flags = Self.byte(parts[3])
        else { return nil }
        if text.count > 55 {
            guard version > 0, text.dropFirst(55).first == UInt8(ascii: "-") else { return nil }
        }
        self.init(
            traceID: traceID,
            spanID: spanID,
            isSampled: flags & 1 != 0,
            hasRandomID: flags & 2 != 0,
            state: tracestate.flatMap { TraceState($0) } ?? .empty,
            isRemote: true
        )
    }

    /// The header's value, of version 00.
    public var traceparent: String {
        "00-\(traceID)-\(spanID)-0\(flags)"
    }

    /// The flags of the wire: 1 for sampled, 2 for a random id.
    var flags: UInt8 { (isSampled ? 1 : 0) | (hasRandomID ? 2 : 0) }

    private static func byte(_ digits: Substring.UTF8View) -> UInt8? {
        digits.count == 2 ? UInt64(lowerHex: digits).map { UInt8($0) } : nil
    }
}

private enum TraceContextKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "trace-context" }
}

extension ServiceContext {
    /// The span that this context is in; `nil` outside a trace.
    public internal(set) var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}

import Tracing

/// A span that has ended, as it waits to be exported.
struct FinishedSpan: Sendable {
    struct Event: Sendable {
        var name: String
        var nanoseconds: UInt64
        var attributes: BoundedAttributes
    }

    struct Link: Sendable {
        var context: TraceContext
        var attributes: BoundedAttributes
    }

    var context: TraceContext
    var parent: TraceContext?
    var name: String
    var kind: SpanKind
    /// Since the beginning of 1970, as all times here.
    var start: UInt64
    var end: UInt64
    var attributes: BoundedAttributes
    var events: [Event]
    var droppedEvents: Int
    var links: [Link]
    var droppedLinks: Int
    var status: SpanStatus?
}

import AntidoteCore
import Synchronization
public import Tracing

/// A span of a ``SpanTracer``. One that is not sampled, or that nobody would export, carries its ids and keeps nothing.
public final class TraceSpan: Span {
    public let context: ServiceContext
    private let identity: TraceContext
    private let parent: TraceContext?
    private let kind: SpanKind
    private let stopwatch: SpanStopwatch
    private let limits: SpanLimits
    private let buffer: SpanBuffer?
    private let state: Mutex<State>

    private struct State {
        var isRecording: Bool
        var name: String
        var attributes = BoundedAttributes()
        var events: [FinishedSpan.Event] = []
        var droppedEvents = 0
        var links: [FinishedSpan.Link] = []
        var droppedLinks = 0
        var status: SpanStatus?
    }

    init(
        _ name: String,
        _ identity: TraceContext,
        parent: TraceContext?,
        in outer: ServiceContext,
        kind: SpanKind,
        stopwatch: SpanStopwatch,
        limits: SpanLimits,
        buffer: SpanBuffer?
    ) {
        var context = outer
        context.traceContext = identity
        self.context = context
        self.identity = identity
        self.parent = parent
        self.kind = kind
        self.stopwatch = stopwatch
        self.limits = limits
        self.buffer = buffer
        state = Mutex(State(isRecording: identity.isSampled && buffer != nil, name: name))
    }

    public var isRecording: Bool { state.withLock { $0.isRecording } }

    public var operationName: String {
        get { state.withLock { $0.name } }
        set { record { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes.values } }
        set { record { [limits] in $0.attributes.replace(with: newValue, limits: limits) } }
    }

    public func setStatus(_ status: SpanStatus) {
        record { $0.status = status }
    }

    /// Records an event. Its time is its own: the tracing library takes it from the system unless it is stated.
    public func addEvent(_ event: SpanEvent) {
        add(event.name, at: event.nanosecondsSinceEpoch, event.attributes)
    }

    /// Records an event `exception` with the error's type and, of errors that are known to be free of secrets, its code
    /// and message.
    public func recordError(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> some TracerInstant
    ) {
        guard isRecording else { return }
        let summary = ErrorSummary(error)
        var attributes = attributes
        attributes["exception.type"] = summary.type
        if let message = summary.message { attributes["exception.message"] = message }
        if let code = summary.code { attributes[AttributeKey.errorCode] = code }
        add("exception", at: stopwatch.moment(instant()), attributes)
    }

    /// Links to the span of `link`; a context outside any trace is left out.
    public func addLink(_ link: SpanLink) {
        guard let target = link.context.traceContext else { return }
        let attributes = BoundedAttributes(link.attributes, limits: limits)
        record { [limits] state in
            guard state.links.count < limits.links else {
                state.droppedLinks += 1
                return
            }
            state.links.append(FinishedSpan.Link(context: target, attributes: attributes))
        }
    }

    /// Ends the span and hands it to the buffer. Ending it again does nothing.
    public func end(at instant: @autoclosure () -> some TracerInstant) {
        let last = state.withLock { state -> State? in
            guard state.isRecording else { return nil }
            state.isRecording = false
            return state
        }
        guard var last else { return }
        last.attributes.clip(limits)
        buffer?.append(
            FinishedSpan(
                context: identity,
                parent: parent,
                name: last.name,
                kind: kind,
                start: stopwatch.start,
                end: stopwatch.moment(instant()),
                attributes: last.attributes,
                events: last.events,
                droppedEvents: last.droppedEvents,
                links: last.links,
                droppedLinks: last.droppedLinks,
                status: last.status
            )
        )
    }

    private func add(_ name: String, at nanoseconds: UInt64, _ attributes: SpanAttributes) {
        let attributes = BoundedAttributes(attributes, limits: limits)
        record { [limits] state in
            guard state.events.count < limits.events else {
                state.droppedEvents += 1
                return
            }
            state.events.append(FinishedSpan.Event(name: name, nanoseconds: nanoseconds, attributes: attributes))
        }
    }

    private func record(_ change: (inout sending State) -> Void) {
        state.withLock { state in
            if state.isRecording { change(&state) }
        }
    }
}

public import AntidoteCore
public import Tracing

/// Makes the spans of this process, and carries their trace from and to other processes by W3C's Trace Context.
///
/// Written by hand, because the project depends on no OpenTelemetry package. Install it with
/// `InstrumentationSystem.bootstrap(_:)`, once in a process, and run a ``SpanExporter`` on the same buffer.
public struct SpanTracer: Tracer {
    private let buffer: SpanBuffer?
    private let sampler: SpanSampler
    private let limits: SpanLimits
    private let time: TimeSource
    private let random: RandomSource

    /// A tracer whose ended spans go to `buffer`.
    ///
    /// A span begins and ends by `time`. Only an instant of another type than the tracing library's default clock, such
    /// as ``SpanInstant``, is taken as the caller's own.
    /// - Parameters:
    ///   - buffer: `nil` where nobody exports: spans carry their trace on, to logs and other processes, and keep nothing.
    ///   - random: Gives the ids. They are seen by others, who must not guess further ones.
    public init(
        buffer: SpanBuffer?,
        sampler: SpanSampler = .all,
        limits: SpanLimits = SpanLimits(),
        time: TimeSource,
        random: RandomSource
    ) {
        self.buffer = buffer
        self.sampler = sampler
        self.limits = limits
        self.time = time
        self.random = random
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> TraceSpan {
        let outer = context()
        let parent = outer.traceContext
        let traceID = parent?.traceID ?? TraceID(from: random)
        let identity = TraceContext(
            traceID: traceID,
            spanID: SpanID(from: random),
            isSampled: sampler.keeps(traceID, parent: parent),
            hasRandomID: parent?.hasRandomID ?? false,
            state: parent?.state ?? .empty
        )
        return TraceSpan(
            operationName,
            identity,
            parent: parent,
            in: outer,
            kind: kind,
            stopwatch: SpanStopwatch(time: time, at: instant()),
            limits: limits,
            buffer: buffer
        )
    }

    /// Has the exporter send what is there without waiting for more.
    public func forceFlush() {
        buffer?.flush()
    }

    /// Puts the trace that `carrier` tells of into `context`; leaves it as it is where there is none, or a false one.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: TraceContext.parentKey, from: carrier),
            let found = TraceContext(
                traceparent: parent,
                tracestate: extractor.extract(key: TraceContext.stateKey, from: carrier)
            )
        else { return }
        context.traceContext = found
    }

    /// Writes the trace of `context` into `carrier`; nothing where there is none.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: TraceContext.parentKey, into: &carrier)
        if !trace.state.isEmpty {
            injector.inject(trace.state.description, forKey: TraceContext.stateKey, into: &carrier)
        }
    }
}

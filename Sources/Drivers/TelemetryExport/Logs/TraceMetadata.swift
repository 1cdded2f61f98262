public import Logging
import Tracing

/// Which trace and span a line of a log belongs to.
public enum TraceMetadata {
    /// The key of the trace's id.
    public static let traceID = "trace_id"
    /// The key of the span's id.
    public static let spanID = "span_id"

    /// Gives the ids of the span that the task is in, for `LoggingSystem.bootstrap`; nothing outside a trace.
    public static let provider = Logger.MetadataProvider {
        guard let trace = ServiceContext.current?.traceContext else { return [:] }
        return [traceID: .string(trace.traceID.description), spanID: .string(trace.spanID.description)]
    }
}

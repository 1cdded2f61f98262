import AntidoteCore
public import Logging
import Tracing

/// What a line says, before it has a form.
struct LogRecord: Sendable {
    var time: Timestamp
    var level: Logger.Level
    var logger: String
    var message: String
    var traceID: String?
    var spanID: String?
    var metadata: FlatMetadata
    var error: ErrorSummary?
    /// Only for those who look for the place in the program.
    var source: (module: String, file: String, line: UInt)?

    /// What `provider` knows of the trace stands apart from what the caller says, who cannot replace it.
    init(
        _ event: LogEvent,
        logger: String,
        metadata base: Logger.Metadata,
        provider: Logger.MetadataProvider?,
        showsSource: Bool,
        limits: LogLimits,
        time: Timestamp
    ) {
        self.time = time
        level = event.level
        self.logger = logger
        message = event.message.description.clipped(to: limits.messageBytes)
        var all = base
        if var provided = provider?.get(), !provided.isEmpty {
            traceID = provided.removeValue(forKey: TraceMetadata.traceID).map { "\($0)" }
            spanID = provided.removeValue(forKey: TraceMetadata.spanID).map { "\($0)" }
            all.merge(provided) { $1 }
        }
        if let stated = event.metadata { all.merge(stated) { $1 } }
        metadata = FlatMetadata(all, limits: limits)
        error = event.error.map { error in
            var summary = ErrorSummary(error)
            summary.message = summary.message?.clipped(to: limits.messageBytes)
            return summary
        }
        source = showsSource ? (event.source, event.file, event.line) : nil
    }
}

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

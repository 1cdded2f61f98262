public import AntidoteCore
public import Logging

/// Writes each line of a log as one JSON object.
///
/// `time` (RFC 3339 in UTC, with microseconds), `level`, `logger`, `message`; within a span `trace_id` and `span_id`;
/// `metadata` with nested keys joined by dots; `error` with type, code and message. `source`, `file` and `line` only
/// while the handler's level is debug or trace. All values are bounded in length; what was left out is counted in
/// `dropped_keys`.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private let limits: LogLimits
    private let now: @Sendable () -> Timestamp

    /// A handler for the logger `label`.
    /// - Parameters:
    ///   - output: Shared by all handlers that write to the same place.
    ///   - metadataProvider: Usually what `LoggingSystem.bootstrap` hands over: ``TraceMetadata/provider``.
    public init(
        label: String,
        level: Logger.Level,
        output: LogOutput,
        metadataProvider: Logger.MetadataProvider? = TraceMetadata.provider,
        limits: LogLimits = LogLimits(),
        time: TimeSource
    ) {
        self.label = label
        logLevel = level
        self.output = output
        self.metadataProvider = metadataProvider
        self.limits = limits
        now = time.now
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let record = LogRecord(
            event,
            logger: label,
            metadata: metadata,
            provider: metadataProvider,
            showsSource: logLevel <= .debug,
            limits: limits,
            time: now()
        )
        output.write(Self.line(record))
    }

    private static func line(_ record: LogRecord) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("time", record.time.description)
            json.member("level", record.level.rawValue)
            json.member("logger", record.logger)
            json.member("message", record.message)
            if let id = record.traceID { json.member(TraceMetadata.traceID, id) }
            if let id = record.spanID { json.member(TraceMetadata.spanID, id) }
            if let error = record.error { write(error, to: &json) }
            write(record.metadata, to: &json)
            if let source = record.source {
                json.member("source", source.module)
                json.member("file", source.file)
                json.member("line", source.line)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ error: ErrorSummary, to json: inout JSONWriter) {
        json.key("error")
        json.object { json in
            json.member("type", error.type)
            if let code = error.code { json.member("code", code) }
            if let message = error.message { json.member("message", message) }
        }
    }

    private static func write(_ metadata: FlatMetadata, to json: inout JSONWriter) {
        if !metadata.pairs.isEmpty {
            json.key("metadata")
            json.object { json in
                for (key, value) in metadata.pairs {
                    json.key(key)
                    switch value {
                    case .text(let text): json.string(text)
                    case .list(let texts):
                        json.array { json in
                            for text in texts { json.string(text) }
                        }
                    }
                }
            }
        }
        if metadata.dropped > 0 { json.member("dropped_keys", metadata.dropped) }
    }
}

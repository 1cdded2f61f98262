public import AntidoteCore
public import Logging

/// Writes each event of a logger as one line, in the form that its format gives it.
public struct LineLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private let format: LogLineFormat
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
        format: LogLineFormat,
        metadataProvider: Logger.MetadataProvider? = TraceMetadata.provider,
        limits: LogLimits = LogLimits(),
        time: TimeSource
    ) {
        self.label = label
        logLevel = level
        self.output = output
        self.format = format
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
        output.write(format.line(record))
    }
}

/// The form of a log line.
public struct LogLineFormat: Sendable {
    /// The line as UTF-8, with its line feed.
    let line: @Sendable (LogRecord) -> [UInt8]
}

public import AntidoteCore
import Foundation
public import Logging
import Metrics
import TelemetryExport
import Tracing

/// What a program tells of itself: log lines, metrics, and spans. Made once, before anything else.
public struct HostTelemetry: Sendable {
    /// Where log lines go.
    public let logger: Logger
    let metrics: PrometheusMetrics
    let exporter: SpanExporter?

    /// Takes over the process's logging, metrics and tracing.
    ///
    /// Throws `configurationInvalid` for a receiver of spans that cannot be one.
    public static func start(
        program: String,
        settings: ServiceSettings,
        isTerminal: Bool,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) throws -> HostTelemetry {
        let metrics = PrometheusMetrics()
        let output = LogOutput(metrics: metrics)
        let isJSON = settings.logFormat == .json || (settings.logFormat == .auto && !isTerminal)
        let level = settings.logLevel
        let format = isJSON ? LogLineFormat.json : .text(isColored: isTerminal)
        let makeHandler: @Sendable (String) -> any LogHandler = { label in
            LineLogHandler(label: label, level: level, output: output, format: format, time: time)
        }
        let logger = Logger(label: program, factory: makeHandler)
        var exporter: SpanExporter?
        var buffer: SpanBuffer?
        if let url = settings.otlpEndpoint {
            let spans = SpanBuffer(metrics: metrics)
            exporter = try SpanExporter(
                buffer: spans,
                configuration: SpanExporterConfiguration(
                    endpoint: try OTLPEndpoint(url),
                    resource: TelemetryResource(
                        serviceName: program,
                        serviceVersion: AntidoteRelease.version,
                        serviceInstance: ProcessIdentity.current.description,
                        instance: settings.instance?.rawValue ?? ""
                    ),
                    headers: settings.otlpHeaders
                ),
                time: time,
                random: random,
                metrics: metrics,
                logger: logger
            )
            buffer = spans
        }
        LoggingSystem.bootstrap(makeHandler)
        MetricsSystem.bootstrap(metrics)
        InstrumentationSystem.bootstrap(
            SpanTracer(
                buffer: buffer,
                sampler: SpanSampler(ratio: settings.traceRatio),
                time: time,
                random: random
            )
        )
        return HostTelemetry(logger: logger, metrics: metrics, exporter: exporter)
    }
}

import AntidoteCore
import AntidoteTesting
import InMemoryLogging
import Logging
import Synchronization
import TelemetryExport
import Tracing

/// A tracer and an exporter around one receiver, with a clock that stands still.
struct ExportBench: Sendable {
    let receiver: OTLPReceiver
    let clock = ManualClock()
    let metrics = PrometheusMetrics()
    let logs = InMemoryLogHandler()
    let tracer: SpanTracer
    let exporter: SpanExporter
    /// What the exporter slept for, in its order.
    let sleeps: SleepRecord

    init(
        _ receiver: OTLPReceiver,
        sampler: SpanSampler = .all,
        limits: SpanLimits = SpanLimits(),
        capacity: Int = 8192,
        change: (inout SpanExporterConfiguration) -> Void = { _ in }
    ) throws {
        self.receiver = receiver
        var configuration = SpanExporterConfiguration(
            endpoint: try OTLPEndpoint("http://127.0.0.1:\(receiver.port)"),
            resource: TelemetryResource(
                serviceName: "antidote-test",
                serviceVersion: "1.2.3",
                serviceInstance: "copy-1",
                instance: "lab"
            ),
            // Without jitter, so that pauses are known.
            retry: RetryPolicy(firstPause: .seconds(1), maxPause: .seconds(8), jitter: 0, maxAttempts: 3),
            limits: limits
        )
        change(&configuration)
        let sleeps = SleepRecord()
        let base = clock.timeSource
        let time = TimeSource(
            now: base.now,
            uptime: base.uptime,
            sleep: { duration in
                sleeps.append(duration)
                try await base.sleep(duration)
            }
        )
        self.sleeps = sleeps
        let buffer = SpanBuffer(capacity: capacity, metrics: metrics)
        tracer = SpanTracer(buffer: buffer, sampler: sampler, limits: limits, time: time, random: .seeded(7))
        var logger = Logger(label: "test") { [logs] _ in logs }
        logger.logLevel = .trace
        exporter = try SpanExporter(
            buffer: buffer,
            configuration: configuration,
            time: time,
            random: .seeded(8),
            metrics: metrics,
            logger: logger
        )
    }

    /// Makes and ends a span of this name.
    func span(_ name: String) {
        tracer.startSpan(name, context: .topLevel).end()
    }

    /// Runs the exporter for the length of the closure; its last export is over when this returns.
    func whileExporting(_ body: () async throws -> Void) async throws {
        let exporter = exporter
        // A task of its own, because it is cancelled while the test goes on.
        let task = Task { await exporter.run() }
        do {
            try await body()
        } catch {
            task.cancel()
            await task.value
            throw error
        }
        task.cancel()
        await task.value
    }

    /// Exports what is there, by an exporter that is told to end before it begins.
    func exportTheRest() async {
        let exporter = exporter
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await exporter.run()
        }.value
    }

    /// Everything that was counted, as its readers see it.
    func counted() throws -> PrometheusParser.Document {
        try PrometheusParser.parse(metrics.render())
    }

    /// How many spans were dropped for this reason.
    func dropped(_ reason: String) throws -> Double {
        try counted().value("antidote_spans_dropped_total", ["reason": reason]) ?? 0
    }

    func exported() throws -> Double {
        try counted().value("antidote_spans_exported_total") ?? 0
    }
}

/// What somebody slept for.
final class SleepRecord: Sendable {
    /// Each sleep as it begins.
    let stream: AsyncStream<Duration>
    private let report: AsyncStream<Duration>.Continuation
    private let durations = Mutex<[Duration]>([])

    init() { (stream, report) = AsyncStream.makeStream() }

    var all: [Duration] { durations.withLock { $0 } }

    func append(_ duration: Duration) {
        durations.withLock { $0.append(duration) }
        report.yield(duration)
    }
}

/// The spans that a receiver gets of what `body` does.
func exportedSpans(
    sampler: SpanSampler = .all,
    limits: SpanLimits = SpanLimits(),
    _ body: (SpanTracer, ManualClock) async throws -> Void
) async throws -> [OTLP.Span] {
    let receiver = try OTLPReceiver()
    defer { receiver.stop() }
    let bench = try ExportBench(receiver, sampler: sampler, limits: limits)
    try await body(bench.tracer, bench.clock)
    await bench.exportTheRest()
    return try receiver.spans()
}

struct DictionaryCarrier: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}

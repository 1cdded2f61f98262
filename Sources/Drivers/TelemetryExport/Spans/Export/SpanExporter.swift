public import AntidoteCore
import HTTPTransport
public import Logging
public import Metrics
import Synchronization
import Tracing

/// Sends spans to a receiver of OpenTelemetry's protocol, as JSON over HTTP.
///
/// Written by hand, because the project depends on no OpenTelemetry package. A batch leaves when it is full or its oldest
/// span has waited long enough. A span may arrive twice, if a connection broke or the exporter ended while it was on its
/// way; it is dropped, and counted, if the receiver refuses it or is not to be reached for longer than the retries last.
public struct SpanExporter: Sendable {
    private let buffer: SpanBuffer
    private let configuration: SpanExporterConfiguration
    private let client: HTTPClient
    private let encoder: SpanEncoder
    private let time: TimeSource
    private let random: RandomSource
    private let metrics: ExportMetrics
    private let logger: Logger

    /// An exporter of what `buffer` holds, for one ``run()``. Connects only with the first batch.
    /// - Parameters:
    ///   - random: Spreads the retries.
    ///   - metrics: Where exported and dropped spans are counted.
    ///   - logger: Told of the beginning and the end of an outage.
    /// - Throws: `configurationInvalid` if the receiver's address or a header cannot be used.
    public init(
        buffer: SpanBuffer,
        configuration: SpanExporterConfiguration,
        time: TimeSource,
        random: RandomSource,
        metrics: any MetricsFactory,
        logger: Logger
    ) throws(AntidoteError) {
        let endpoint = configuration.endpoint
        var http = HTTPClientConfiguration(
            base: endpoint.isSecure
                ? .tls(host: endpoint.host, port: endpoint.port, configuration.tls)
                : .tcp(host: endpoint.host, port: endpoint.port)
        )
        http.connectTimeout = configuration.connectTimeout
        http.maximumConnections = 1
        http.maximumResponseBytes = 64 * 1024
        for (name, value) in configuration.headers.sorted(by: { $0.key < $1.key }) {
            http.defaultHeaders[name] = value.reveal()
        }
        do {
            client = try HTTPClient(configuration: http)
        } catch {
            throw AntidoteError(
                .configurationInvalid,
                "spans cannot be exported: \(error.message)",
                recovery: "Look at the endpoint and the headers for traces.",
                cause: error
            )
        }
        self.buffer = buffer
        self.configuration = configuration
        self.time = time
        self.random = random
        self.metrics = ExportMetrics(metrics)
        self.logger = logger
        encoder = SpanEncoder(resource: configuration.resource, limits: configuration.limits)
    }

    /// Exports until the task is cancelled; then once more what is left, no longer than the configured time.
    public func run() async {
        // Whatever is called from here must not make spans that are exported in turn.
        await ServiceContext.withValue(.unsampled) {
            var batch: [FinishedSpan] = []
            var isDown = false
            while !Task.isCancelled {
                await buffer.wait(for: 1)
                await waitForMore()
                if Task.isCancelled { break }
                batch = buffer.take(configuration.batchSize)
                guard await deliver(batch, &isDown) else { break }
                batch = []
            }
            await flush(batch + buffer.close())
        }
        client.shutdown()
    }

    /// Until a batch is full, or the first of it has waited long enough.
    private func waitForMore() async {
        await withTaskGroup(of: Void.self) { [buffer, configuration, time] group in
            group.addTask { await buffer.wait(for: configuration.batchSize) }
            group.addTask { try? await time.sleep(configuration.batchInterval) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Sends a batch, again and again if need be. False if the task was cancelled before there was an answer.
    private func deliver(_ batch: [FinishedSpan], _ isDown: inout Bool) async -> Bool {
        guard !batch.isEmpty else { return true }
        let body = encoder.body(batch)
        var attempt = 0
        while true {
            attempt += 1
            guard let answer = await post(body) else { return false }
            count(answer, of: batch.count)
            tell(answer, &isDown)
            guard case .tryAgain(_, let after) = answer else { return true }
            guard attempt < configuration.retry.maxAttempts else {
                metrics.drop(batch.count, .unreachable)
                return true
            }
            let pause = configuration.retry.pause(beforeAttempt: attempt, jitter: random.unit())
            let asked = min(after ?? .zero, configuration.longestRetryAfter)
            do { try await time.sleep(max(pause, asked)) } catch { return false }
        }
    }

    /// Sends what is left, each batch once, and stops at the first that finds no receiver.
    private func flush(_ spans: [FinishedSpan]) async {
        guard !spans.isEmpty else { return }
        let settled = Tally()
        let late = AntidoteError(.deadlineExceeded, "the last spans could not be exported in time")
        // What is thrown says only that the time was over; what was not settled by then is counted below.
        try? await time.shielded(atMost: configuration.flushTimeout, onTimeout: late) {
            var rest = spans[...]
            while !rest.isEmpty {
                let batch = Array(rest.prefix(configuration.batchSize))
                guard let answer = await post(encoder.body(batch)) else { return }
                count(answer, of: batch.count)
                if case .tryAgain = answer { return }
                settled.add(batch.count)
                rest = rest.dropFirst(batch.count)
            }
        }
        metrics.drop(spans.count - settled.count, .atEnd)
    }

    /// One request. `nil` if the task was cancelled meanwhile.
    private func post(_ body: [UInt8]) async -> ExportAnswer? {
        do {
            let response = try await client.execute(
                HTTPRequest(
                    .post,
                    configuration.endpoint.tracesPath,
                    headers: ["Content-Type": "application/json"],
                    body: .bytes(body),
                    deadline: configuration.requestTimeout
                )
            )
            return ExportAnswer(response, now: time.now())
        } catch let error as HTTPTransportError {
            return ExportAnswer(error)
        } catch {
            return nil
        }
    }

    private func count(_ answer: ExportAnswer, of spans: Int) {
        switch answer {
        case .accepted(let rejected):
            metrics.exported.increment(by: max(0, spans - rejected))
            metrics.drop(min(rejected, spans), .refused)
        case .refused:
            metrics.failedRequests.increment()
            metrics.drop(spans, .refused)
        case .tryAgain:
            metrics.failedRequests.increment()
        }
    }

    /// Logs when an outage begins and when it is over, and not each of its requests.
    private func tell(_ answer: ExportAnswer, _ isDown: inout Bool) {
        let about: Logger.Metadata = ["endpoint": "\(configuration.endpoint)"]
        switch answer {
        case .accepted:
            if isDown { logger.notice("Spans are exported again.", metadata: about) }
            isDown = false
        case .refused(let reason), .tryAgain(let reason, _):
            if !isDown { logger.warning("Spans cannot be exported: \(reason)", metadata: about) }
            isDown = true
        }
    }
}

/// A number that two tasks share.
private final class Tally: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .acquiring) }

    func add(_ amount: Int) { value.add(amount, ordering: .acquiringAndReleasing) }
}

extension ServiceContext {
    /// A trace that is not kept, and with it everything that would continue it.
    fileprivate static var unsampled: ServiceContext {
        var context = ServiceContext.topLevel
        if let traceID = TraceID(high: 0, low: 1), let spanID = SpanID(bits: 1) {
            context.traceContext = TraceContext(traceID: traceID, spanID: spanID, isSampled: false)
        }
        return context
    }
}

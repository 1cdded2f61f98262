import AntidoteCore
import AntidoteTesting
import Logging
import TelemetryExport
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct ExporterEndTests {
    @Test func whatIsOnItsWayAtTheEndArrives() async throws {
        // The first request is not answered; the end of the exporter closes it.
        let receiver = try OTLPReceiver { $0 == 0 ? .silence : .ok }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.batchSize = 2 }
        try await bench.whileExporting {
            bench.span("1")
            bench.span("2")
            _ = await receiver.nextNames()
            for number in 3...5 { bench.span("\(number)") }
        }
        let batches = try receiver.all.map { try $0.request().spans.map(\.name) }
        #expect(batches == [["1", "2"], ["1", "2"], ["3", "4"], ["5"]])
        #expect(try bench.exported() == 5)
        #expect(try bench.dropped("at_end") == 0)
    }

    @Test func whatWaitsForARetryAtTheEndArrives() async throws {
        let receiver = try OTLPReceiver { $0 == 0 ? .hangUp : .ok }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) {
            $0.batchSize = 1
            $0.retry = RetryPolicy(firstPause: .seconds(5), jitter: 0)
        }
        try await bench.whileExporting {
            bench.span("1")
            _ = await bench.sleeps.stream.first { $0 == .seconds(5) }
        }
        #expect(try receiver.spans().map(\.name) == ["1", "1"])
        #expect(try bench.exported() == 1)
    }

    @Test func theEndDoesNotWaitForAReceiverThatIsSilent() async throws {
        let receiver = try OTLPReceiver { _ in .silence }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.flushTimeout = .seconds(3) }
        for number in 1...3 { bench.span("\(number)") }
        let task = Task { await bench.exportTheRest() }
        _ = await receiver.requests.first { _ in true }
        await bench.clock.waitForSleepers(1)
        bench.clock.advance(by: .seconds(3))
        await task.value
        #expect(try bench.dropped("at_end") == 3)
        #expect(receiver.all.count == 1)
    }

    @Test func theEndGivesUpWhereNobodyListens() async throws {
        let receiver = try OTLPReceiver(isOpen: false)
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.batchSize = 1 }
        for number in 1...3 { bench.span("\(number)") }
        await bench.exportTheRest()
        #expect(try bench.dropped("at_end") == 3)
        // One attempt, and none for the others.
        #expect(try bench.counted().value("antidote_span_export_failed_requests_total") == 1)
    }

    @Test func theExportersOwnWorkMakesNoSpans() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let clock = ManualClock()
        let metrics = PrometheusMetrics()
        let buffer = SpanBuffer(metrics: metrics)
        let tracer = SpanTracer(buffer: buffer, time: clock.timeSource, random: .seeded(1))
        // Stands for any call that the exporter makes.
        let time = TimeSource(
            now: {
                tracer.startSpan("inner").end()
                return clock.timeSource.now()
            },
            uptime: clock.timeSource.uptime,
            sleep: clock.timeSource.sleep
        )
        let exporter = try SpanExporter(
            buffer: buffer,
            configuration: SpanExporterConfiguration(
                endpoint: try OTLPEndpoint("http://127.0.0.1:\(receiver.port)"),
                resource: TelemetryResource(serviceName: "a", serviceVersion: "1", serviceInstance: "i", instance: "l")
            ),
            time: time,
            random: .seeded(2),
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await tracer.withSpan("outer", context: .topLevel) { _ in
            tracer.startSpan("before").end()
            let task = Task { await exporter.run() }
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
            _ = await receiver.requests.first { _ in true }
            task.cancel()
            await task.value
        }
        #expect(try receiver.distinctNames() == ["before"])
        #expect(try PrometheusParser.parse(metrics.render()).value("antidote_spans_exported_total") == 1)
    }
}

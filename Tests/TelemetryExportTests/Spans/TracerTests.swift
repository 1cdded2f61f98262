import AntidoteCore
import AntidoteTesting
import Logging
import TelemetryExport
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct TracerTests {
    private struct Stranger: Error, CustomStringConvertible {
        let description = "password=hunter2"
    }

    @Test func aChildBelongsToItsParent() async throws {
        let spans = try await exportedSpans { tracer, _ in
            tracer.withSpan("parent", context: .topLevel, ofKind: .server) { _ in
                tracer.withSpan("child", ofKind: .client) { _ in }
            }
            tracer.startSpan("stranger", context: .topLevel).end()
        }
        #expect(spans.map(\.name) == ["child", "parent", "stranger"])
        #expect(spans.map(\.kind) == [3, 2, 1])
        #expect(spans[0].traceId == spans[1].traceId)
        #expect(spans[0].parentSpanId == spans[1].spanId)
        #expect(spans[1].parentSpanId == nil)
        #expect(spans[2].traceId != spans[1].traceId)
        #expect(Set(spans.map(\.spanId)).count == 3)
        // Sampled, and the parent is known not to be in another process.
        #expect(spans.allSatisfy { $0.flags == 0x101 })
    }

    @Test func aTraceGoesOnInAnotherProcess() async throws {
        let carrier = DictionaryCarrier()
        let spans = try await exportedSpans { tracer, clock in
            var headers: [String: String] = [:]
            tracer.withSpan("request", context: .topLevel) { span in
                tracer.inject(span.context, into: &headers, using: carrier)
            }
            headers["tracestate"] = "vendor=1"
            let other = SpanTracer(
                buffer: SpanBuffer(metrics: PrometheusMetrics()),
                time: clock.timeSource,
                random: .seeded(99)
            )
            var context = ServiceContext.topLevel
            other.extract(headers, into: &context, using: carrier)
            var further: [String: String] = [:]
            other.withSpan("far", context: context) { span in
                other.inject(span.context, into: &further, using: carrier)
            }
            #expect(further["traceparent"] != headers["traceparent"])
            #expect(further["tracestate"] == "vendor=1")
            var back = ServiceContext.topLevel
            tracer.extract(further, into: &back, using: carrier)
            tracer.startSpan("answer", context: back).end()
        }
        try #require(spans.map(\.name) == ["request", "answer"])
        #expect(spans[0].traceId == spans[1].traceId)
        #expect(spans[1].parentSpanId != nil && spans[1].parentSpanId != spans[0].spanId)
        #expect(spans[1].traceState == "vendor=1")
        // Its parent is in another process.
        #expect(spans[1].flags == 0x301)
    }

    @Test(arguments: TraceContextTests.hostile)
    func aFalseTraceLeavesTheContextAsItIs(text: String) async throws {
        let spans = try await exportedSpans { tracer, _ in
            tracer.withSpan("own", context: .topLevel) { span in
                var context = span.context
                tracer.extract(["traceparent": text, "tracestate": "a=1"], into: &context, using: DictionaryCarrier())
                tracer.startSpan("child", context: context).end()
            }
        }
        #expect(spans.count == 2)
        #expect(spans.first?.parentSpanId == spans.last?.spanId)
        #expect(spans.first?.traceState == nil)
    }

    @Test func nothingIsInjectedOutsideATrace() async throws {
        _ = try await exportedSpans { tracer, _ in
            var headers: [String: String] = [:]
            tracer.inject(.topLevel, into: &headers, using: DictionaryCarrier())
            #expect(headers.isEmpty)
        }
    }

    @Test func errorsAreEventsWithoutSecrets() async throws {
        let error = AntidoteError(.imageMissing, "there is no image x", recovery: "Pull it.", cause: Stranger())
        let spans = try await exportedSpans { tracer, _ in
            for error in [error, Stranger(), CancellationError()] as [any Error] {
                try? tracer.withSpan("failing", context: .topLevel) { _ in throw error }
            }
        }
        try #require(spans.count == 3)
        let events = spans.compactMap(\.events.first)
        #expect(events.map(\.name) == ["exception", "exception", "exception"])
        #expect(spans.allSatisfy { $0.status.code == 2 })
        #expect(events[0].attributes["exception.type"] == .string("AntidoteCore.AntidoteError"))
        #expect(events[0].attributes["exception.message"] == .string(error.description))
        #expect(events[0].attributes[AttributeKey.errorCode] == .string("imageMissing"))
        #expect(events[1].attributes["exception.message"] == nil)
        #expect(events[2].attributes[AttributeKey.errorCode] == .string("cancelled"))
        #expect(!"\(spans)".contains("hunter2"))
    }

    @Test func everyKindOfAttributeArrives() async throws {
        let spans = try await exportedSpans { tracer, _ in
            let other = tracer.startSpan("other", context: .topLevel)
            let span = tracer.startSpan("span", context: .topLevel)
            span.attributes["text"] = "a\"\\\n\u{7}\u{1F600}"
            span.attributes["int"] = Int64.min
            span.attributes["small"] = Int32(-3)
            span.attributes["double"] = 0.1
            span.attributes["nan"] = Double.nan
            span.attributes["far"] = -Double.infinity
            span.attributes["flag"] = true
            span.attributes["ints"] = [1, 2]
            span.attributes["doubles"] = [1.5]
            span.attributes["flags"] = [false]
            span.attributes["texts"] = ["a", "b"]
            span.attributes["secret"] = SpanAttribute.stringConvertible(Secret("hunter2"))
            span.addEvent(SpanEvent(name: "event", at: SpanInstant(Timestamp(microseconds: 5)), attributes: ["k": "v"]))
            span.addLink(SpanLink(context: other.context, attributes: ["why": "batch"]))
            span.addLink(SpanLink(context: .topLevel, attributes: [:]))
            span.setStatus(SpanStatus(code: .ok, message: "fine"))
            span.operationName = "renamed"
            span.end()
            // After its end nothing changes it, and it arrives once.
            span.attributes["late"] = 1
            span.operationName = "late"
            span.end()
            #expect(!span.isRecording)
        }
        let span = try #require(spans.first)
        #expect(spans.count == 1)
        #expect(span.name == "renamed")
        let values = span.attributes.values
        #expect(values["text"] == .string("a\"\\\n\u{7}\u{1F600}"))
        #expect(values["int"] == .int(.min))
        #expect(values["small"] == .int(-3))
        #expect(values["double"] == .double(0.1))
        if case .double(let number) = values["nan"] { #expect(number.isNaN) } else { Issue.record("no nan") }
        #expect(values["far"] == .double(-.infinity))
        #expect(values["flag"] == .bool(true))
        #expect(values["ints"] == .array([.int(1), .int(2)]))
        #expect(values["doubles"] == .array([.double(1.5)]))
        #expect(values["flags"] == .array([.bool(false)]))
        #expect(values["texts"] == .array([.string("a"), .string("b")]))
        #expect(values["secret"] == .string("<redacted>"))
        #expect(values["late"] == nil)
        #expect(span.events.map(\.timeUnixNano.value) == [5000])
        #expect(span.events.first?.attributes["k"] == .string("v"))
        #expect(span.links.count == 1)
        #expect(span.links.first?.attributes["why"] == .string("batch"))
        #expect(span.status.code == 1)
        #expect(span.status.message == "fine")
    }

    @Test func whatIsTooMuchIsCounted() async throws {
        let limits = SpanLimits(attributes: 2, events: 3, links: 1, valueBytes: 8, elements: 2)
        let spans = try await exportedSpans(limits: limits) { tracer, _ in
            let span = tracer.startSpan(String(repeating: "n", count: 9), context: .topLevel)
            for key in ["b", "a", "c", "d"] { span.attributes[key] = [1, 2, 3] }
            for number in 0..<5 { span.addEvent(SpanEvent(name: "event \(number)")) }
            for _ in 0..<3 { span.addLink(SpanLink(context: span.context, attributes: [:])) }
            // Four bytes each: two fit into eight, and none is cut in two.
            span.updateAttributes { $0["a"] = String(repeating: "\u{1F600}", count: 3) }
            span.end()
        }
        let span = try #require(spans.first)
        #expect(span.name == "nnnnnnnn…")
        #expect(span.attributes.values == ["a": .string("\u{1F600}\u{1F600}…"), "b": .array([.int(1), .int(2)])])
        #expect(span.droppedAttributesCount == 2)
        #expect(span.events.count == 3)
        #expect(span.droppedEventsCount == 2)
        #expect(span.links.count == 1)
        #expect(span.droppedLinksCount == 2)
    }

    @Test func timesComeFromTheGivenClock() async throws {
        let start = Timestamp(microseconds: 1_700_000_000_000_000)
        let spans = try await exportedSpans { tracer, clock in
            let span = tracer.startSpan("measured", context: .topLevel)
            clock.advance(by: .milliseconds(1500))
            span.end()
            tracer.startSpan("stated", context: .topLevel, at: SpanInstant(start))
                .end(at: SpanInstant(start + .seconds(2)))
            tracer.startSpan("backwards", context: .topLevel, at: SpanInstant(start)).end(at: SpanInstant(.zero))
        }
        let base = UInt64(start.microseconds) * 1000
        #expect(spans.map(\.startTimeUnixNano.value) == [base, base, base])
        #expect(spans.map { $0.endTimeUnixNano.value - base } == [1_500_000_000, 2_000_000_000, 0])
    }

    @Test func aClockThatIsSetBackMakesNoSpanNegative() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let bench = try ExportBench(receiver)
        let clock = bench.clock
        // Wall-clock time runs backwards, ten times as fast as time passes.
        let time = TimeSource(
            now: { Timestamp(microseconds: 2_000_000_000_000_000 - clock.timeSource.uptime().wholeMicroseconds * 10) },
            uptime: clock.timeSource.uptime,
            sleep: clock.timeSource.sleep
        )
        let buffer = SpanBuffer(metrics: bench.metrics)
        let tracer = SpanTracer(buffer: buffer, time: time, random: .seeded(1))
        let exporter = try SpanExporter(
            buffer: buffer,
            configuration: SpanExporterConfiguration(
                endpoint: try OTLPEndpoint("http://127.0.0.1:\(receiver.port)"),
                resource: TelemetryResource(serviceName: "a", serviceVersion: "1", serviceInstance: "i", instance: "l")
            ),
            time: time,
            random: .seeded(2),
            metrics: bench.metrics,
            logger: Logger(label: "test") { _ in bench.logs }
        )
        let span = tracer.startSpan("span", context: .topLevel)
        clock.advance(by: .seconds(3))
        span.end()
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await exporter.run()
        }.value
        let exported = try #require(try receiver.spans().first)
        #expect(exported.startTimeUnixNano.value == 2_000_000_000_000_000_000)
        #expect(exported.endTimeUnixNano.value - exported.startTimeUnixNano.value == 3_000_000_000)
    }
}

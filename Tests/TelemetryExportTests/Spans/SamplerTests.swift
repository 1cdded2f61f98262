import AntidoteCore
import TelemetryExport
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct SamplerTests {
    private func tracer(_ ratio: Double, seed: UInt64 = 3) -> SpanTracer {
        SpanTracer(
            buffer: SpanBuffer(capacity: 1, metrics: PrometheusMetrics()),
            sampler: SpanSampler(ratio: ratio),
            time: .system,
            random: .seeded(seed)
        )
    }

    @Test(arguments: [(0.0, 0...0), (0.1, 900...1100), (0.5, 4850...5150), (1.0, 10_000...10_000)])
    func keepsTheShareOfTraces(ratio: Double, expected: ClosedRange<Int>) {
        let tracer = tracer(ratio)
        let kept = (0..<10_000).count { _ in tracer.startSpan("a", context: .topLevel).isRecording }
        #expect(expected.contains(kept))
    }

    @Test func everyProcessDecidesAlike() throws {
        let (small, large) = (tracer(0.25), tracer(0.75))
        for _ in 0..<1000 {
            // The same seed gives the same ids to both.
            let one = small.startSpan("a", context: .topLevel)
            let other = large.startSpan("a", context: .topLevel)
            #expect(one.context.traceContext?.traceID == other.context.traceContext?.traceID)
            // What a smaller share keeps, a larger one keeps too.
            if one.isRecording { #expect(other.isRecording) }
        }
    }

    @Test func theParentDecidesForItsChildren() throws {
        let none = tracer(0)
        let all = tracer(1)
        var sampled = ServiceContext.topLevel
        var unsampled = ServiceContext.topLevel
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"
        none.extract(["traceparent": parent + "1"], into: &sampled, using: DictionaryCarrier())
        none.extract(["traceparent": parent + "0"], into: &unsampled, using: DictionaryCarrier())
        #expect(none.startSpan("a", context: sampled).isRecording)
        #expect(!all.startSpan("a", context: unsampled).isRecording)
    }

    @Test func aSpanThatIsNotKeptCarriesItsTraceOn() async throws {
        let spans = try await exportedSpans(sampler: SpanSampler(ratio: 0)) { tracer, _ in
            tracer.withSpan("outer", context: .topLevel) { outer in
                outer.attributes["a"] = 1
                #expect(outer.attributes.isEmpty)
                var headers: [String: String] = [:]
                tracer.inject(outer.context, into: &headers, using: DictionaryCarrier())
                #expect(headers["traceparent"]?.hasSuffix("-00") == true)
            }
        }
        #expect(spans.isEmpty)
    }

    @Test func aTracerWithoutAnExporterCarriesTracesOn() {
        let tracer = SpanTracer(buffer: nil, time: .system, random: .seeded(1))
        tracer.withSpan("outer", context: .topLevel) { outer in
            outer.attributes["a"] = 1
            #expect(!outer.isRecording && outer.attributes.isEmpty)
            tracer.withSpan("inner") { inner in
                #expect(inner.context.traceContext?.traceID == outer.context.traceContext?.traceID)
                #expect(inner.context.traceContext?.traceparent.hasSuffix("-01") == true)
            }
        }
    }

    @Test(arguments: [(-1.0, 0.0), (2, 1), (.nan, 0), (.infinity, 1), (0.3, 0.3)])
    func aShareIsFrom0To1(given: Double, kept: Double) {
        #expect(SpanSampler(ratio: given).ratio == kept)
    }
}

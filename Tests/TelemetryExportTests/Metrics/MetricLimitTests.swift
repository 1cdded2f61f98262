import Metrics
import TelemetryExport
import Testing

@Suite(.timeLimit(.minutes(1))) struct MetricLimitTests {
    @Test func seriesBeyondTheLimitAreCountedTogether() throws {
        let metrics = PrometheusMetrics(limits: MetricLimits(series: 10))
        for number in 0..<1000 {
            Counter(label: "visits", dimensions: [("who", "\(number)")], factory: metrics).increment()
            Timer(label: "visit", dimensions: [("who", "\(number)")], factory: metrics).recordSeconds(1)
        }
        // Who was there before goes on.
        Counter(label: "visits", dimensions: [("who", "3")], factory: metrics).increment()
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.families["visits_total"]?.samples.count == 11)
        #expect(document.value("visits_total", ["who": "3"]) == 2)
        #expect(document.value("visits_total", ["otel_metric_overflow": "true"]) == 990)
        #expect(document.value("visit_seconds_count", ["otel_metric_overflow": "true"]) == 990)
        // Nothing is lost: their sum is what was counted.
        #expect(document.families["visits_total"]?.samples.reduce(0) { $0 + $1.value } == 1001)
        #expect(document.value("antidote_metric_overflows_total", ["metric": "visits_total"]) == 990)
        #expect(document.value("antidote_metric_overflows_total", ["metric": "visit_seconds"]) == 990)
    }

    @Test func metricsBeyondTheLimitAreRefusedAndCounted() throws {
        let metrics = PrometheusMetrics(limits: MetricLimits(metrics: 5))
        for number in 0..<50 {
            Counter(label: "c\(number)", factory: metrics).increment()
            Meter(label: "m\(number)", factory: metrics).set(1)
        }
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.families.count == 6)
        #expect(document.value("antidote_metrics_refused_total") == 95)
    }

    @Test func aNameMeansOneMetric() throws {
        let metrics = PrometheusMetrics()
        Timer(label: "a", factory: metrics).recordSeconds(1)
        Counter(label: "x", factory: metrics).increment()
        // Each of these would be a second meaning of a name in the text.
        Gauge(label: "a_seconds", factory: metrics).record(1)
        Gauge(label: "a_seconds_count", factory: metrics).record(1)
        Gauge(label: "a_seconds_bucket", factory: metrics).record(1)
        Gauge(label: "x_total", factory: metrics).record(1)
        Gauge(label: "b_sum", factory: metrics).record(1)
        Recorder(label: "b", factory: metrics).record(1)
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.families.keys.sorted() == ["a_seconds", "antidote_metrics_refused_total", "b_sum", "x_total"])
        #expect(document.value("antidote_metrics_refused_total") == 5)
        #expect(document.value("x_total") == 1)
    }

    @Test func longValuesAndManyLabelsAreCut() throws {
        let metrics = PrometheusMetrics(limits: MetricLimits(labels: 2, valueBytes: 4))
        let dimensions = [("a", "\u{1F600}\u{1F600}"), ("b", "12345"), ("c", "3")]
        Counter(label: "cut", dimensions: dimensions, factory: metrics).increment()
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.value("cut_total", ["a": "\u{1F600}…", "b": "1234…"]) == 1)
    }

    @Test func whatIsRenderedMeanwhileBelongsTogether() async throws {
        let metrics = PrometheusMetrics()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for _ in 0..<2000 {
                        Timer(label: "work", dimensions: [("writer", "\(writer % 2)")], factory: metrics)
                            .recordSeconds(2)
                        Counter(label: "work", factory: metrics).increment()
                    }
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    // The parser compares buckets and counts.
                    let document = try PrometheusParser.parse(metrics.render())
                    for writer in ["0", "1"] {
                        let count = document.value("work_seconds_count", ["writer": writer])
                        let sum = document.value("work_seconds_sum", ["writer": writer])
                        #expect(sum == count.map { $0 * 2 })
                    }
                }
            }
            try await group.waitForAll()
        }
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.value("work_total") == 8000)
        #expect(document.value("work_seconds_count", ["writer": "1"]) == 4000)
    }
}

import Metrics
import TelemetryExport
import Testing

@Suite struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics(help: ["jobs": "Jobs \\ and\nmore."])

    private func rendered() throws -> PrometheusParser.Document {
        try PrometheusParser.parse(metrics.render())
    }

    @Test func nothingIsNothing() throws {
        // But for our own two, of which one always has its series.
        #expect(try rendered().families.keys.sorted() == ["antidote_metrics_refused_total"])
    }

    @Test func countersCountAndNeverGoBack() throws {
        let counter = Counter(label: "jobs", dimensions: [("kind", "a")], factory: metrics)
        counter.increment()
        counter.increment(by: 41)
        counter.increment(by: -5)
        Counter(label: "jobs", dimensions: [("kind", "a")], factory: metrics).increment(by: 8)
        Counter(label: "jobs_total", dimensions: [("kind", "b")], factory: metrics).increment(by: Int64.max)
        Counter(label: "jobs_total", dimensions: [("kind", "b")], factory: metrics).increment(by: Int64.max)
        FloatingPointCounter(label: "jobs", dimensions: [("kind", "c")], factory: metrics).increment(by: 0.25)
        FloatingPointCounter(label: "jobs", dimensions: [("kind", "c")], factory: metrics).increment(by: 1.5)
        let document = try rendered()
        #expect(document.families["jobs_total"]?.type == "counter")
        #expect(document.families["jobs_total"]?.help == "Jobs \\ and\nmore.")
        #expect(document.value("jobs_total", ["kind": "a"]) == 50)
        #expect(document.value("jobs_total", ["kind": "b"]) == Double(Int64.max))
        #expect(document.value("jobs_total", ["kind": "c"]) == 1.75)
        counter.reset()
        #expect(try rendered().value("jobs_total", ["kind": "a"]) == 0)
    }

    @Test func gaugesShowTheirLastValue() throws {
        let meter = Meter(label: "queue.depth", factory: metrics)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement()
        Gauge(label: "limit", factory: metrics).record(-3)
        Gauge(label: "ratio", factory: metrics).record(Double.nan)
        Gauge(label: "most", factory: metrics).record(-Double.infinity)
        let document = try rendered()
        #expect(document.families["queue_depth"]?.type == "gauge")
        #expect(document.value("queue_depth") == 6.5)
        #expect(document.value("limit") == -3)
        #expect(document.value("ratio")?.isNaN == true)
        #expect(document.value("most") == -.infinity)
    }

    @Test func timersAreHistogramsInSeconds() throws {
        let timer = Timer(label: "antidote_operation_seconds", dimensions: [("operation", "claim")], factory: metrics)
        for milliseconds in [0, 1, 3, 100, 250_000, 400_000] { timer.recordMilliseconds(milliseconds) }
        timer.recordNanoseconds(-5)
        Timer(label: "wait", factory: metrics).recordSeconds(2)
        let document = try rendered()
        let name = "antidote_operation_seconds"
        #expect(document.families[name]?.type == "histogram")
        let expected = ["0.0005": 2.0, "0.001": 3, "0.005": 4, "0.1": 5, "120": 5, "300": 6, "+Inf": 7]
        for (bound, count) in expected {
            #expect(document.value(name + "_bucket", ["operation": "claim", "le": bound]) == count, "\(bound)")
        }
        #expect(document.value(name + "_count", ["operation": "claim"]) == 7)
        #expect(abs((document.value(name + "_sum", ["operation": "claim"]) ?? 0) - 650.104) < 1e-9)
        #expect(document.value("wait_seconds_sum") == 2)
    }

    @Test func recordersThatAggregateAreHistograms() throws {
        let metrics = PrometheusMetrics(buckets: ["rows": MetricBuckets([10, 1, .nan, 10, .infinity])])
        let rows = Recorder(label: "rows", factory: metrics)
        for value in [0.5, 1, 5, 10, 11] { rows.record(value) }
        rows.record(Double.nan)
        rows.record(Double.infinity)
        Recorder(label: "bytes", factory: metrics).record(3000)
        let document = try PrometheusParser.parse(metrics.render())
        #expect(document.families["rows"]?.samples.map(\.value) == [2, 4, 5, 27.5, 5])
        #expect(document.value("bytes_bucket", ["le": "2000"]) == 0)
        #expect(document.value("bytes_bucket", ["le": "5000"]) == 1)
    }

    static let hostileValues = [
        "", " ", "\"", "\\", "\\\"", "\n", "a\nb\\n\"c\"", "},{x=\"y\"} 1", "\r\n\t\u{0}\u{1B}[31m", "\u{e9}\u{1F600}",
        "\u{301}", "\"\u{301}\"", "\u{2028}\u{85}", "# HELP x y\n# TYPE x counter\nx 1",
    ]

    @Test(arguments: hostileValues)
    func valuesOfLabelsComeThroughAsTheyAre(value: String) throws {
        Counter(label: "escaped", dimensions: [("v", value)], factory: metrics).increment()
        Timer(label: "escaped", dimensions: [("v", value)], factory: metrics).recordSeconds(1)
        let document = try rendered()
        // By bytes: some of these are equal to others as text.
        let labels = document.families["escaped_total"]?.samples.first?.labels["v"]
        #expect(labels.map { Array($0.utf8) } == Array(value.utf8))
        #expect(document.value("escaped_seconds_count", ["v": value]) == 1)
    }

    @Test(arguments: [
        ("a.b-c d", "a_b_c_d_total"), ("0day", "_0day_total"), ("\u{e4}x", "_x_total"), ("", "unnamed_total"),
        ("a:b", "a_b_total"), ("x\ny 1\nz", "x_y_1_z_total"), ("\u{1F600}", "__total"),
        (String(repeating: "n", count: 5000), String(repeating: "n", count: 128) + "_total"),
    ])
    func namesAreMadeValid(label: String, name: String) throws {
        Counter(label: label, factory: metrics).increment()
        #expect(try rendered().value(name) == 1)
    }

    @Test func namesOfLabelsAreMadeValidAndStandOnce() throws {
        let dimensions = [
            ("le", "1"), ("__name__", "x"), ("a.b", "2"), ("a_b", "3"), ("0", "4"), ("", "5"), ("h:p", "6"),
        ]
        Timer(label: "labels", dimensions: dimensions, factory: metrics).recordSeconds(1)
        let labels = ["le_": "1", "_name__": "x", "a_b": "2", "_0": "4", "unnamed": "5", "h_p": "6"]
        #expect(try rendered().value("labels_seconds_count", labels) == 1)
    }

    @Test func theOrderOfLabelsDoesNotMatter() throws {
        Counter(label: "order", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        Counter(label: "order", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
        #expect(try rendered().value("order_total", ["a": "1", "b": "2"]) == 2)
    }

    @Test func aDestroyedSeriesIsGoneAndMayComeBack() throws {
        let counter = Counter(label: "gone", dimensions: [("a", "1")], factory: metrics)
        let other = Counter(label: "gone", dimensions: [("a", "1")], factory: metrics)
        counter.increment(by: 5)
        Counter(label: "gone", dimensions: [("a", "2")], factory: metrics).increment()
        counter.destroy()
        #expect(try rendered().families["gone_total"]?.samples.count == 1)
        other.increment()
        #expect(try rendered().value("gone_total", ["a": "1"]) == 1)
        for timer in [Timer(label: "t", factory: metrics)] { timer.destroy() }
        #expect(try rendered().families["t_seconds"] == nil)
    }
}

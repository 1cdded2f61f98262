public import Metrics
import Synchronization

/// Keeps what the program counts and measures, and renders it as Prometheus reads it.
///
/// Written by hand, because the project depends on no Prometheus package. Install it with
/// `MetricsSystem.bootstrap(_:)`, once in a process and before anything is counted, and serve ``render()`` as
/// ``contentType``.
///
/// A counter's name gets `_total`, a timer's `_seconds`; a recorder that aggregates is a histogram, one that does not a
/// gauge. What is more than the limits allow is counted in series of its own: nothing grows without end.
public final class PrometheusMetrics: MetricsFactory {
    /// The media type of ``render()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let limits: MetricLimits
    private let help: [String: String]
    private let buckets: [String: MetricBuckets]
    private let registry: Mutex<MetricRegistry>
    private let overflows: MetricFamily?
    private let refusals: MetricSeries?

    /// Keeps nothing yet.
    /// - Parameters:
    ///   - help: What each metric means, by the label that the program knows it by.
    ///   - buckets: For timers, in seconds, and recorders that need others than the usual ones, likewise.
    public init(
        limits: MetricLimits = MetricLimits(),
        help: [String: String] = [:],
        buckets: [String: MetricBuckets] = [:]
    ) {
        // Our own two do not take room from the others.
        self.limits = limits.with(metrics: limits.metrics < .max - 2 ? limits.metrics + 2 : .max)
        self.help = help
        self.buckets = buckets
        var registry = MetricRegistry()
        // Never more series than there are metrics.
        let own = MetricLimits(metrics: .max, series: .max)
        overflows = registry.family(
            "antidote_metric_overflows_total",
            .counter,
            limits: own,
            help: "Handles for series that a metric had no room for, by metric."
        )
        let refused = registry.family(
            "antidote_metrics_refused_total",
            .counter,
            limits: own,
            help: "Handles for metrics that there was no room for, or whose name means another metric."
        )
        refusals = refused.map { MetricSeries($0, .empty, number: $0.series(.empty).number) }
        self.registry = Mutex(registry)
    }

    /// Everything that was counted and measured, in the text format 0.0.4. Each metric is as it was at one moment.
    public func render() -> String {
        let families = registry.withLock { Array($0.families.values) }
        var text = PrometheusText()
        for family in families.sorted(by: { $0.name < $1.name }) { text.append(family) }
        return text.text
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        make(label, MetricName.counter(label), .counter, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        make(label, MetricName.counter(label), .counter, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        make(label, MetricName.metric(label), .gauge, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        let kind: MetricFamily.Kind = aggregate ? .histogram(buckets[label] ?? .amounts) : .gauge
        return make(label, MetricName.metric(label), kind, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        make(label, MetricName.timer(label), .histogram(buckets[label] ?? .seconds), dimensions)
            ?? NOOPMetricsHandler.instance
    }

    public func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }

    private func destroy(_ handler: AnyObject) {
        guard let series = handler as? MetricSeries else { return }
        series.family.remove(series.labels)
    }

    private func make(
        _ label: String,
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ dimensions: [(String, String)]
    ) -> MetricSeries? {
        let family = registry.withLock { registry in
            registry.family(name, kind, limits: limits, help: help[label] ?? "\(label) (\(kind.name)).")
        }
        guard let family else {
            refusals?.increment(by: Int64(1))
            return nil
        }
        let labels = LabelSet(dimensions, limits: limits)
        let (number, isOverflow) = family.series(labels)
        if isOverflow { countOverflow(of: name) }
        return MetricSeries(family, isOverflow ? .overflow : labels, number: number)
    }

    private func countOverflow(of name: String) {
        guard let overflows else { return }
        let labels = LabelSet([("metric", name)], limits: limits)
        MetricSeries(overflows, labels, number: overflows.series(labels).number).increment(by: Int64(1))
    }
}

/// How much a ``PrometheusMetrics`` keeps, whatever is thrown at it.
public struct MetricLimits: Sendable, Hashable {
    /// Metrics; further ones are not kept, and counted.
    public var metrics: Int
    /// Series, that is sets of labels, of one metric; what comes with further ones goes to one series of its own.
    public var series: Int
    /// Labels of a series; further ones are left out.
    public var labels: Int
    /// The longest value of a label, in bytes of UTF-8; longer ones are cut.
    public var valueBytes: Int

    /// A limit below 1 counts as 1.
    public init(metrics: Int = 500, series: Int = 500, labels: Int = 16, valueBytes: Int = 256) {
        self.metrics = max(1, metrics)
        self.series = max(1, series)
        self.labels = max(1, labels)
        self.valueBytes = max(1, valueBytes)
    }

    func with(metrics: Int) -> MetricLimits {
        var limits = self
        limits.metrics = metrics
        return limits
    }
}

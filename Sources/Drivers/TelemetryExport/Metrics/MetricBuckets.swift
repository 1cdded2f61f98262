/// The upper bounds of a histogram's buckets, in its unit; a last one without bound is always there.
public struct MetricBuckets: Sendable, Hashable {
    /// From the lowest to the highest, each once.
    public let bounds: [Double]

    /// Sorts `bounds`, and leaves out what is no finite number or stands there twice.
    public init(_ bounds: [Double]) {
        self.bounds = Array(Set(bounds.filter(\.isFinite))).sorted()
    }

    /// Seconds, from a query of a database to the start of a large lab.
    public static let seconds = MetricBuckets([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
    ])

    /// Sizes and counts.
    public static let amounts = MetricBuckets([
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000,
    ])

    /// Which bucket `value` falls into; the number of bounds for the last.
    func index(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

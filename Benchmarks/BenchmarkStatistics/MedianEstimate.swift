/// The median of a sample, and an interval that holds the true median with at least 95 % confidence.
///
/// The interval is that of the sign test: it lies between two values of the sample, and supposes nothing of how they are
/// spread.
public struct MedianEstimate: Sendable, Hashable {
    /// The middle value, or the mean of the two middle ones.
    public let median: Double
    /// The ends of the interval; of fewer than six values none are far enough apart, and it is `nil`.
    public let interval: ClosedRange<Double>?
    /// How many values there were.
    public let count: Int

    /// `nil` for no values at all.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        count = sorted.count
        median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
        let rank = Self.rank(count)
        interval = rank > 0 ? sorted[rank - 1]...sorted[count - rank] : nil
    }

    /// The highest k such that the k-th smallest and the k-th largest of `count` values enclose the true median with
    /// 95 % confidence: fewer than k of them are below it in at most 2.5 % of samples, as of tossed coins. 0: none does.
    static func rank(_ count: Int) -> Int {
        var probability = 1.0
        for _ in 0..<count { probability /= 2 }
        var below = 0.0
        for k in 0...count {
            below += probability
            if below > 0.025 { return k }
            probability *= Double(count - k) / Double(k + 1)
        }
        return 0
    }
}

import Metrics

/// What the metrics library holds of one series, of whichever kind.
final class MetricSeries: Sendable {
    let family: MetricFamily
    let labels: LabelSet
    private let number: Int

    init(_ family: MetricFamily, _ labels: LabelSet, number: Int) {
        self.family = family
        self.labels = labels
        self.number = number
    }

    fileprivate func update(_ change: (inout MetricFamily.Series) -> Void) {
        family.update(number, labels, change)
    }

    /// What is no number would spoil the sum for good.
    private func observe(_ value: Double) {
        guard case .histogram(let buckets) = family.kind, value.isFinite else { return }
        let bucket = buckets.index(of: value)
        update { series in
            series.counts[bucket] += 1
            series.number += value
        }
    }
}

extension MetricSeries: CounterHandler {
    /// A counter never goes back: what is negative is left out.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        update { series in
            let (sum, overflow) = series.whole.addingReportingOverflow(amount)
            series.whole = overflow ? .max : sum
        }
    }

    func reset() {
        update { series in
            series.whole = 0
            series.number = 0
        }
    }
}

extension MetricSeries: FloatingPointCounterHandler, MeterHandler {
    func increment(by amount: Double) {
        guard amount.isFinite, family.kind == .gauge || amount > 0 else { return }
        update { $0.number += amount }
    }

    func decrement(by amount: Double) {
        guard amount.isFinite else { return }
        update { $0.number -= amount }
    }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { update { $0.number = value } }
}

extension MetricSeries: RecorderHandler {
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        if family.kind == .gauge { set(value) } else { observe(value) }
    }
}

extension MetricSeries: TimerHandler {
    /// Kept in seconds. A duration below zero counts as none.
    func recordNanoseconds(_ duration: Int64) { observe(Double(max(0, duration)) / 1e9) }
}

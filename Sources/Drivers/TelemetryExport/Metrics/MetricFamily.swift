import Synchronization

/// One metric with all its series. One lock for all of them, so that what is rendered belongs together.
final class MetricFamily: Sendable {
    enum Kind: Sendable, Hashable {
        case counter
        case gauge
        case histogram(MetricBuckets)

        /// As it stands in the text.
        var name: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    /// What is kept for one set of labels. Which part counts depends on the metric's kind.
    struct Series: Sendable {
        var labels: LabelSet
        /// The whole part of a counter; a gauge's value is in `number`.
        var whole: Int64 = 0
        /// The rest of a counter, a gauge's value, or a histogram's sum.
        var number: Double = 0
        /// How many values fell into each bucket, not cumulated.
        var counts: [UInt64] = []
    }

    let name: String
    let kind: Kind
    let help: String
    private let limit: Int
    private let state = Mutex(State())

    private struct State {
        var numbers: [LabelSet: Int] = [:]
        var series: [Int: Series] = [:]
        var nextNumber = 0
    }

    init(name: String, kind: Kind, help: String, limit: Int) {
        self.name = name
        self.kind = kind
        self.help = help
        self.limit = limit
    }

    /// The number of the series with these labels, or of the one for all that there is no room for.
    func series(_ labels: LabelSet) -> (number: Int, isOverflow: Bool) {
        state.withLock { open(labels, &$0) }
    }

    /// Removes the series; who still counts in it begins a new one.
    func remove(_ labels: LabelSet) {
        state.withLock { state in
            if let number = state.numbers.removeValue(forKey: labels) { state.series[number] = nil }
        }
    }

    /// Changes the series with this number, or if it was removed meanwhile, a new one with its labels.
    func update(_ number: Int, _ labels: LabelSet, _ change: (inout Series) -> Void) {
        state.withLock { state in
            let number = state.series[number] == nil ? open(labels, &state).number : number
            // In place: a series of a histogram holds an array.
            if let index = state.series.index(forKey: number) { change(&state.series.values[index]) }
        }
    }

    /// All series as they are at one moment, in the order of their labels.
    var snapshot: [Series] {
        let all = state.withLock { Array($0.series.values) }
        return all.sorted { LabelSet.precedes($0.labels, $1.labels) }
    }

    private func open(_ labels: LabelSet, _ state: inout State) -> (number: Int, isOverflow: Bool) {
        if let number = state.numbers[labels] { return (number, false) }
        let isFull = state.numbers.count >= limit
        if isFull, labels != .overflow, let number = state.numbers[.overflow] { return (number, true) }
        let labels = isFull ? LabelSet.overflow : labels
        let number = state.nextNumber
        state.nextNumber += 1
        state.numbers[labels] = number
        var series = Series(labels: labels)
        if case .histogram(let buckets) = kind {
            series.counts = Array(repeating: 0, count: buckets.bounds.count + 1)
        }
        state.series[number] = series
        return (number, isFull)
    }
}

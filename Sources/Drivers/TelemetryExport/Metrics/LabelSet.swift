/// The labels of one series: valid names in their order, each once, and values that are not too long.
struct LabelSet: Sendable, Hashable {
    /// Name, value, name, value…
    private(set) var parts: [String]

    static let empty = LabelSet(parts: [])

    /// Where everything is counted that there was no room for a series of its own for; OpenTelemetry's name.
    static let overflow = LabelSet(parts: ["otel_metric_overflow", "true"])

    private init(parts: [String]) { self.parts = parts }

    /// Of two labels whose names become one, the first counts; labels beyond the limit are left out.
    init(_ dimensions: [(String, String)], limits: MetricLimits) {
        var pairs: [(name: String, value: String)] = []
        for (name, value) in dimensions.prefix(limits.labels) {
            let name = MetricName.label(name)
            guard !pairs.contains(where: { $0.name == name }) else { continue }
            pairs.append((name, value.clipped(to: limits.valueBytes)))
        }
        if pairs.count > 1 { pairs.sort { $0.name < $1.name } }
        parts = []
        parts.reserveCapacity(2 * pairs.count)
        for pair in pairs { parts += [pair.name, pair.value] }
    }

    static func precedes(_ left: LabelSet, _ right: LabelSet) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}

/// The text format 0.0.4 of Prometheus.
struct PrometheusText {
    private(set) var text = ""

    mutating func append(_ family: MetricFamily) {
        let series = family.snapshot
        guard !series.isEmpty else { return }
        text += "# HELP \(family.name) \(Self.escapedHelp(family.help))\n"
        text += "# TYPE \(family.name) \(family.kind.name)\n"
        for one in series {
            switch family.kind {
            case .counter: sample(family.name, one.labels, Self.count(one))
            case .gauge: sample(family.name, one.labels, Self.number(one.number))
            case .histogram(let buckets): histogram(family.name, one, buckets)
            }
        }
    }

    private mutating func histogram(_ name: String, _ series: MetricFamily.Series, _ buckets: MetricBuckets) {
        var count: UInt64 = 0
        for (index, inBucket) in series.counts.enumerated() {
            count += inBucket
            let bound = index < buckets.bounds.count ? buckets.bounds[index] : .infinity
            sample("\(name)_bucket", series.labels, String(count), bound: Self.number(bound))
        }
        sample("\(name)_sum", series.labels, Self.number(series.number))
        sample("\(name)_count", series.labels, String(count))
    }

    private mutating func sample(_ name: String, _ labels: LabelSet, _ value: String, bound: String? = nil) {
        text += name
        var pairs: [String] = []
        for index in stride(from: 0, to: labels.parts.count, by: 2) {
            pairs.append("\(labels.parts[index])=\"\(Self.escapedValue(labels.parts[index + 1]))\"")
        }
        if let bound { pairs.append("le=\"\(bound)\"") }
        if !pairs.isEmpty { text += "{\(pairs.joined(separator: ","))}" }
        text += " \(value)\n"
    }

    private static func count(_ series: MetricFamily.Series) -> String {
        series.number == 0 ? String(series.whole) : number(Double(series.whole) + series.number)
    }

    /// As Go writes and reads it; whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escapedHelp(_ text: String) -> String {
        escaped(text) { $0 == UInt8(ascii: "\\") }
    }

    private static func escapedValue(_ text: String) -> String {
        escaped(text) { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") }
    }

    private static func escaped(_ text: String, _ needsBackslash: (UInt8) -> Bool) -> String {
        guard text.utf8.contains(where: { needsBackslash($0) || $0 == UInt8(ascii: "\n") }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") {
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            } else {
                if needsBackslash(byte) { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

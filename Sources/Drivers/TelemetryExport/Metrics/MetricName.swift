/// Names and texts as Prometheus allows them.
enum MetricName {
    /// A metric's name: letters, digits and underscores, everything else becomes an underscore. Colons are for the rules
    /// of whoever reads.
    static func metric(_ label: String) -> String {
        sanitized(label, empty: "unnamed").clipped(128)
    }

    /// A label's name, likewise. Two underscores at the beginning are Prometheus' own, and `le` is the histogram's.
    static func label(_ name: String) -> String {
        var text = sanitized(name, empty: "unnamed").clipped(64)
        while text.hasPrefix("__") { text.removeFirst() }
        return text == "le" || text == "quantile" ? text + "_" : text
    }

    /// A counter's name ends as its readers expect it.
    static func counter(_ label: String) -> String {
        let name = metric(label)
        return name.hasSuffix("_total") ? name : name + "_total"
    }

    /// A timer's name says its unit.
    static func timer(_ label: String) -> String {
        let name = metric(label)
        return name.hasSuffix("_seconds") ? name : name + "_seconds"
    }

    private static func sanitized(_ text: String, empty: String) -> String {
        guard let first = text.utf8.first else { return empty }
        if text.utf8.allSatisfy(isAllowed), !isDigit(first) { return text }
        var bytes: [UInt8] = isDigit(first) ? [UInt8(ascii: "_")] : []
        for scalar in text.unicodeScalars {
            let byte = UInt8(exactly: scalar.value) ?? 0
            bytes.append(isAllowed(byte) ? byte : UInt8(ascii: "_"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension String {
    /// Of a text that is ASCII: not longer than this.
    fileprivate func clipped(_ limit: Int) -> String {
        utf8.count > limit ? String(prefix(limit)) : self
    }
}

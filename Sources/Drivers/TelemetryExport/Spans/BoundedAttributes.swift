import Tracing

/// Attributes within the limits of a span, and how many there was no room for.
struct BoundedAttributes: Sendable {
    private(set) var values: SpanAttributes
    private(set) var dropped: Int

    init() {
        values = [:]
        dropped = 0
    }

    /// As many of `attributes` as fit, the first by name.
    init(_ attributes: SpanAttributes, limits: SpanLimits) {
        self.init()
        replace(with: attributes, limits: limits)
        clip(limits)
    }

    /// Takes `attributes` instead. Beyond the limit those stay that were there before, then the first by name.
    mutating func replace(with attributes: SpanAttributes, limits: SpanLimits) {
        guard attributes.count > limits.attributes else {
            values = attributes
            return
        }
        var names: [String] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { name, _ in names.append(name) }
        names.sort { left, right in
            let known = (values.get(left) != nil, values.get(right) != nil)
            return known.0 == known.1 ? left < right : known.0
        }
        var kept: SpanAttributes = [:]
        for name in names.prefix(limits.attributes) { kept.set(name, value: attributes.get(name)) }
        dropped += attributes.count - limits.attributes
        values = kept
    }

    /// Cuts what is too long, so that it is not kept until it is exported.
    mutating func clip(_ limits: SpanLimits) {
        var cut: [(String, SpanAttribute)] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        values.forEach { name, value in
            switch value {
            case .string(let text) where text.utf8.count > limits.valueBytes:
                cut.append((name, .string(text.clipped(to: limits.valueBytes))))
            case .stringArray(let texts):
                let kept = texts.prefix(limits.elements).map { $0.clipped(to: limits.valueBytes) }
                cut.append((name, .stringArray(kept)))
            default:
                break
            }
        }
        for (name, value) in cut { values.set(name, value: value) }
    }

    /// By name.
    var sorted: [(name: String, value: SpanAttribute)] {
        var pairs: [(name: String, value: SpanAttribute)] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        values.forEach { name, value in pairs.append((name, value)) }
        return pairs.sorted { $0.name < $1.name }
    }
}

/// Which metrics there are, under which names, and who stands under each name of the text.
struct MetricRegistry: Sendable {
    private(set) var families: [String: MetricFamily] = [:]
    /// The names of all samples and the metric they belong to: a histogram has three besides its own.
    private var owners: [String: String] = [:]

    /// The metric of this name and kind; `nil` if the name belongs to another, or there is no room for more.
    mutating func family(
        _ name: String,
        _ kind: MetricFamily.Kind,
        limits: MetricLimits,
        help: @autoclosure () -> String
    ) -> MetricFamily? {
        if let known = families[name] { return known.kind.name == kind.name ? known : nil }
        guard families.count < limits.metrics else { return nil }
        var names = [name]
        if case .histogram = kind { names += ["\(name)_bucket", "\(name)_sum", "\(name)_count"] }
        guard names.allSatisfy({ owners[$0] == nil }) else { return nil }
        for taken in names { owners[taken] = name }
        let family = MetricFamily(name: name, kind: kind, help: help(), limit: limits.series)
        families[name] = family
        return family
    }
}

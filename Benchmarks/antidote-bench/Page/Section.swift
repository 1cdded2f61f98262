import BenchmarkStatistics

/// One part of the page of results: what was done, and a table.
struct Section {
    var title: String
    /// What is measured, and what its floor is.
    var about: String
    var rows: [Row] = []
    /// Figures that have no floor.
    var notes: [String] = []

    struct Row {
        var what: String
        /// With their units.
        var measured: String
        var floor: String
        var ratio: MedianEstimate?
        var goal: Goal?
    }

    struct Goal {
        var text: String
        var isMet: Bool
    }

    var markdown: String {
        var lines = ["## \(title)", "", about, ""]
        if !rows.isEmpty {
            lines += ["| | measured | floor | ratio | interval | pairs | goal |", "|---|---|---|---|---|---|---|"]
            lines += rows.map(\.markdown)
            lines.append("")
        }
        if !notes.isEmpty { lines += notes.map { "- \($0)" } + [""] }
        return lines.joined(separator: "\n")
    }
}

extension Section.Row {
    fileprivate var markdown: String {
        let interval = ratio?.interval.map { "\($0.lowerBound.text(2)) – \($0.upperBound.text(2))" }
        let goal = goal.map { "\($0.text): \($0.isMet ? "met" : "**not met**")" }
        let cells = [
            what, measured, floor, ratio?.median.text(2) ?? "–", interval ?? "–", ratio.map { String($0.count) } ?? "–",
            goal ?? "",
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }
}

/// All results, as Markdown.
struct Page {
    var about: [String]
    var sections: [Section]

    var markdown: String {
        let intro = """
            # Figures

            `make bench` makes this page. Each figure is measured in turns with a *floor*, the least that it could be, \
            so that what disturbs the machine disturbs both: what counts is the ratio, of which the table has the \
            median over all pairs and the interval that holds the true median with 95 % confidence (of the sign test).
            """
        let machine = about.isEmpty ? "" : about.map { "- \($0)" }.joined(separator: "\n") + "\n\n"
        return intro + "\n\n" + machine + sections.map(\.markdown).joined(separator: "\n")
    }
}

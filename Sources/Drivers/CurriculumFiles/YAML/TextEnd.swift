/// The last place of a text, with lines that end as libyaml ends them.
enum TextEnd {
    static func location(of text: String) -> Location {
        var end = Location(line: 1, column: 1)
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where isAfterReturn: break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": end = Location(line: end.line + 1, column: 1)
            default: end.column += 1
            }
            isAfterReturn = scalar == "\r"
        }
        return end
    }
}

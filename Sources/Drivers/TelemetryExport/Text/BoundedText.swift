extension String {
    /// The text itself, or its beginning of at most `limit` bytes of UTF-8 and what says that something is missing.
    func clipped(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: max(0, limit))
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "…"
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or a viewer may act on it instead of showing it: control characters, line separators, and
    /// what turns the direction of text.
    var isActive: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Finds what somebody may have meant.
public enum Spelling {
    /// The candidate with the fewest changes, if it is at all alike.
    public static func nearest(to word: String, among candidates: [String]) -> String? {
        let wanted = word.lowercased()
        let ranked = candidates.map { (distance(wanted, $0.lowercased()), $0) }.min { $0 < $1 }
        guard let (distance, candidate) = ranked, distance <= max(2, word.count / 3) else { return nil }
        return candidate
    }

    /// Levenshtein's distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let above = row[j + 1]
                row[j + 1] = character == right[j] ? diagonal : min(diagonal, above, row[j]) + 1
                diagonal = above
            }
        }
        return row[right.count]
    }
}

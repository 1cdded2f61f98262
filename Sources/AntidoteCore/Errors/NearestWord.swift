/// Finds what somebody who mistyped a word may have meant.
package enum NearestWord {
    /// The candidate nearest to `word`, if any is near enough to be meant.
    package static func to(_ word: String, among candidates: some Sequence<String>) -> String? {
        guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
        let lowered = word.lowercased()
        var best: (word: String, distance: Int)?
        for candidate in candidates where candidate != word {
            let limit = min(best.map { $0.distance - 1 } ?? Int.max, max(1, candidate.utf8.count / 3))
            guard abs(candidate.utf8.count - word.utf8.count) <= limit else { continue }
            let distance = distance(Array(lowered.utf8), Array(candidate.lowercased().utf8))
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.word
    }

    /// How many letters to add, drop, change or exchange with their neighbour to make one word the other.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

/// Rule 6 for readers: whoever asks again after an answer sees nothing go backwards.
struct ReaderRules {
    private let record: RunRecord

    init(_ record: RunRecord) { self.record = record }

    private struct Look {
        var sent: Double
        var received: Double
        var seen: SeenLesson
    }

    func violations() -> [Violation] {
        var looks: [String: [Look]] = [:]
        for exchange in record.exchanges {
            for seen in exchange.seen {
                looks[seen.id, default: []].append(Look(sent: exchange.sent, received: exchange.received, seen: seen))
            }
        }
        return looks.sorted { $0.key < $1.key }.compactMap { violation(among: $0.value) }
    }

    /// Only answers that came before the question was asked count: of two at once either may be the older.
    private func violation(among looks: [Look]) -> Violation? {
        let answered = looks.sorted { $0.received < $1.received }
        var next = 0
        var furthest: SeenLesson?
        for look in looks.sorted(by: { $0.sent < $1.sent }) {
            while next < answered.count, answered[next].received <= look.sent {
                let seen = answered[next].seen
                if furthest.map({ isBehind($0, seen) }) ?? true { furthest = seen }
                next += 1
            }
            guard let furthest, isBehind(look.seen, furthest) else { continue }
            return Violation(
                6,
                "\(look.seen.id) went from \(furthest.phase) of generation \(furthest.generation) back to "
                    + "\(look.seen.phase) of generation \(look.seen.generation)"
            )
        }
        return nil
    }

    private func isBehind(_ one: SeenLesson, _ other: SeenLesson) -> Bool {
        if one.generation != other.generation { return one.generation < other.generation }
        // What was replaced begins again, and says so.
        if one.restarts != other.restarts { return one.restarts < other.restarts }
        return (one.rank ?? -1) < (other.rank ?? -1)
    }
}

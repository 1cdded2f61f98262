/// Rules 2 and 4 for one session: one live lesson for each lesson, and no more than it may have.
struct SessionRules {
    private let record: RunRecord

    init(_ record: RunRecord) { self.record = record }

    /// From when to when a live lesson certainly was one of its session: from an answer that shows it to the last question
    /// whose answer shows it active, since what fails or leaves does not come back.
    private struct Span {
        var id: String
        var lesson: String
        var from: Double
        var to: Double
    }

    func violations() -> [Violation] {
        listedTwice()
            + spans().sorted { $0.key < $1.key }.flatMap { session, spans in
                doubled(spans, session) + tooMany(spans, session)
            }
    }

    private func spans() -> [String: [Span]] {
        var spans: [String: [String: Span]] = [:]
        for exchange in record.exchanges {
            guard let session = exchange.session else { continue }
            for seen in exchange.seen {
                var span = spans[session]?[seen.id] ?? Span(id: seen.id, lesson: seen.lesson, from: .infinity, to: 0)
                span.from = min(span.from, exchange.received)
                if seen.isActive { span.to = max(span.to, exchange.sent) }
                spans[session, default: [:]][seen.id] = span
            }
        }
        return spans.mapValues { $0.values.sorted { ($0.from, $0.id) < ($1.from, $1.id) } }
    }

    private func listedTwice() -> [Violation] {
        record.exchanges.compactMap { exchange in
            guard exchange.kind == .list else { return nil }
            let active = exchange.seen.filter(\.isActive)
            guard Set(active.map(\.lesson)).count < active.count else { return nil }
            let session = exchange.session ?? "nobody"
            return Violation(2, "one list of the session \(session) shows a lesson twice: \(active.map(\.id).sorted())")
        }
    }

    private func doubled(_ spans: [Span], _ session: String) -> [Violation] {
        var found: [Violation] = []
        for (number, span) in spans.enumerated() {
            for other in spans[..<number]
            where other.lesson == span.lesson && other.to > span.from && span.to > other.from {
                found.append(
                    Violation(2, "the session \(session) has \(other.id) and \(span.id) of \(span.lesson) at once")
                )
            }
        }
        return found
    }

    private func tooMany(_ spans: [Span], _ session: String) -> [Violation] {
        for span in spans where span.to >= span.from {
            let count = spans.count { $0.from <= span.from && $0.to >= span.from }
            if count > record.limits.perSession {
                return [
                    Violation(
                        4,
                        "the session \(session) has \(count) live lessons and may have \(record.limits.perSession)"
                    )
                ]
            }
        }
        return []
    }
}

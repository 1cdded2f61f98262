/// Rule 6 for the event log: numbered without gaps, from the beginning to the end.
struct EventRules {
    private let record: RunRecord
    private let index: RecordIndex

    init(_ record: RunRecord, _ index: RecordIndex) {
        self.record = record
        self.index = index
    }

    func violations() -> [Violation] {
        index.events.sorted { $0.key < $1.key }.compactMap { id, events in
            fault(in: events, of: id).map { Violation(6, "the events of \(id) \($0): \(text(events))") }
        }
    }

    private func fault(in events: [EventRecord], of id: String) -> String? {
        if events.map(\.sequence) != Array(1...max(1, events.count)) { return "are not numbered without gaps" }
        if events.first?.type != "NewLiveLesson" { return "do not begin with NewLiveLesson" }
        if events.dropFirst().contains(where: { $0.type == "NewLiveLesson" }) { return "begin twice" }
        if events.dropLast().contains(where: { $0.type == "DeleteLiveLesson" }) {
            return "go on after DeleteLiveLesson"
        }
        if Set(events.map(\.session)).count > 1 { return "are of two sessions" }
        if let seen = index.accepted[id]?.session, events.first?.session != seen { return "are of another session" }
        if index.rows[id] != nil, events.last?.type == "DeleteLiveLesson" { return "end it although it is there" }
        return nil
    }

    private func text(_ events: [EventRecord]) -> String {
        events.map { "\($0.sequence) \($0.type)" }.joined(separator: ", ")
    }
}

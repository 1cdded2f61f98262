/// Rule 1 as far as it holds at every moment: what was accepted is there, and stays until somebody wants it gone.
struct RequestRules {
    private let record: RunRecord
    private let index: RecordIndex

    init(_ record: RunRecord, _ index: RecordIndex) {
        self.record = record
        self.index = index
    }

    func violations() -> [Violation] { forgotten() + lost() + failed() }

    /// An accepted request outlives everything.
    private func forgotten() -> [Violation] {
        index.accepted.keys.sorted().compactMap { id in
            if index.events[id] == nil { return Violation(1, "\(id) was accepted, and the event log does not know it") }
            if index.rows[id] == nil, !index.isDeleted(id) {
                return Violation(1, "\(id) was accepted, and is gone without having been deleted")
            }
            return nil
        }
    }

    /// Nobody loses a lab that they use.
    private func lost() -> [Violation] {
        index.accepted.keys.sorted().compactMap { id in
            guard let deleted = index.events[id]?.first(where: { $0.type == "DeleteLiveLesson" }) else { return nil }
            // The event tells the time of a transaction that may have begun before the request's answer was timed.
            if let unwanted = index.unwanted[id], unwanted <= deleted.time + 1 { return nil }
            if index.events[id]?.contains(where: { $0.type == "LiveLessonFailed" }) == true { return nil }
            let idle = deleted.time - (index.touched[id] ?? 0)
            return idle >= record.limits.idle
                ? nil
                : Violation(1, "\(id) was taken away although nobody asked, after \(Int(idle)) s without a request")
        }
    }

    /// What goes wrong with us is no reason for a lab to fail.
    private func failed() -> [Violation] {
        guard !record.limits.mayFail else { return [] }
        return record.events.filter { $0.type == "LiveLessonFailed" }.map {
            Violation(1, "\($0.liveLesson) failed although its provider never did: \($0.failure ?? "")")
        }
    }
}

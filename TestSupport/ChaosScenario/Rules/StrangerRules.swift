/// Rule 7: what is somebody else's stays.
struct StrangerRules {
    private let record: RunRecord

    init(_ record: RunRecord) { self.record = record }

    func violations() -> [Violation] {
        guard let last = record.samples.last else { return [] }
        return record.strangers.subtracting(last.entries)
            .map {
                Violation(
                    7,
                    "\($0.environment) of \($0.instance) in the store \($0.store) was a stranger's and is gone"
                )
            }
            .sorted { $0.sentence < $1.sentence }
    }
}

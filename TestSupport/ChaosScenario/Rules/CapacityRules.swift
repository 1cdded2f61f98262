/// Rule 4 at the provider: never more live environments than the installation may have.
struct CapacityRules {
    private let record: RunRecord
    private let index: RecordIndex

    init(_ record: RunRecord, _ index: RecordIndex) {
        self.record = record
        self.index = index
    }

    func violations() -> [Violation] {
        let strangers = record.strangers
        for sample in record.samples {
            // What a worker that was late made of something that is over is an orphan, and no admission.
            let live = Set(sample.entries.subtracting(strangers).map(\.environment)).filter { id in
                index.end(of: id).map { $0 > sample.time } ?? true
            }
            if live.count > record.limits.perInstance {
                return [
                    Violation(
                        4,
                        "\(live.count) environments were at the provider at \(sample.time), and "
                            + "\(record.limits.perInstance) may be"
                    )
                ]
            }
        }
        return []
    }
}

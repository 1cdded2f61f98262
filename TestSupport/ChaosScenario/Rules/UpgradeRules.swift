/// Rule 9: while copies of another build take the place of those that are there, no request fails, and no lab is disturbed.
struct UpgradeRules {
    private let record: RunRecord
    private let index: RecordIndex

    init(_ record: RunRecord, _ index: RecordIndex) {
        self.record = record
        self.index = index
    }

    func violations() -> [Violation] {
        guard let upgrade = record.upgrade else { return [] }
        let during = record.exchanges.filter { $0.sent <= upgrade.to && $0.received >= upgrade.from }
        return failed(during) + upgrade.ready.compactMap { disturbance(of: $0, in: upgrade, during) }
    }

    /// Only what is the caller's own fault may be refused.
    private func failed(_ exchanges: [Exchange]) -> [Violation] {
        exchanges.filter(\.isUncertain).map {
            Violation(9, "\($0.kind) failed: \($0.status.map(String.init) ?? "no answer"), \($0.problem ?? "")")
        }
    }

    private func disturbance(
        of before: RowRecord,
        in upgrade: RunRecord.Upgrade,
        _ exchanges: [Exchange]
    ) -> Violation? {
        let id = before.id
        let failure = index.events[id]?.first {
            $0.type == "LiveLessonFailed" && upgrade.from <= $0.time && $0.time <= upgrade.to
        }
        if let failure { return Violation(9, "\(id) was ready, and failed: \(failure.failure ?? "")") }
        if let row = index.rows[id], row.incarnation != before.incarnation {
            return Violation(9, "\(id) was ready, and was built again")
        }
        let restarts = Set(exchanges.flatMap(\.seen).filter { $0.id == id }.map(\.restarts))
        return restarts.count > 1 ? Violation(9, "\(id) was ready, and a machine of it was replaced") : nil
    }
}

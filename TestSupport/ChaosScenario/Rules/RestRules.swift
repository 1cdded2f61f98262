/// Rules 1 and 3, and what was wanted last, once everything is at rest.
struct RestRules {
    private let record: RunRecord
    private let index: RecordIndex

    init(_ record: RunRecord, _ index: RecordIndex) {
        self.record = record
        self.index = index
    }

    func violations() -> [Violation] { unfinished() + unwanted() + orphans() + stages() }

    private var entries: Set<ProviderEntry> { (record.samples.last?.entries ?? []).subtracting(record.strangers) }

    private func unfinished() -> [Violation] {
        let isFull = Set(entries.map(\.environment)).count >= record.limits.perInstance
        return record.rows.sorted { $0.id < $1.id }.compactMap { row in
            switch row.phase {
            case "READY": nil
            case "FAILED": row.failure == nil ? Violation(1, "\(row.id) failed without a reason") : nil
            case "QUEUED" where isFull: nil
            default: Violation(1, "\(row.id) is \(row.phase) for ever")
            }
        }
    }

    /// What somebody was told is being taken away, is.
    private func unwanted() -> [Violation] {
        record.exchanges.compactMap { exchange in
            guard case .delete(let id) = exchange.kind, exchange.isAccepted, index.rows[id] != nil else { return nil }
            return Violation(1, "\(id) was deleted with \(exchange.status ?? 0), and is still there")
        }
    }

    private func orphans() -> [Violation] {
        let entries = entries
        let left: [Violation] = entries.compactMap { entry in
            guard let row = index.rows[entry.environment] else {
                return Violation(3, "\(entry.environment)/\(entry.incarnation) is at the provider, and has no row")
            }
            if row.incarnation != entry.incarnation || row.phase == "FAILED" || row.phase == "QUEUED" {
                return Violation(
                    3,
                    "\(entry.environment)/\(entry.incarnation) is at the provider, and its row is \(row.phase) with "
                        + "incarnation \(row.incarnation)"
                )
            }
            return nil
        }
        let missing: [Violation] = record.rows.compactMap { row in
            guard row.phase == "READY",
                !entries.contains(where: { $0.environment == row.id && $0.incarnation == row.incarnation })
            else { return nil }
            return Violation(1, "\(row.id) is READY, and nothing of it is at the provider")
        }
        return (left + missing).sorted { $0.sentence < $1.sentence }
    }

    /// Of changes one after the other the last one counts. Where two met or one had no answer, nobody can say.
    private func stages() -> [Violation] {
        var changes: [String: [Exchange]] = [:]
        for exchange in record.exchanges {
            if case .change(let id, _) = exchange.kind { changes[id, default: []].append(exchange) }
        }
        return changes.sorted { $0.key < $1.key }.compactMap { id, changes in
            guard let row = index.rows[id], row.phase == "READY", !changes.contains(where: \.isUncertain) else {
                return nil
            }
            let accepted = changes.filter(\.isAccepted).sorted { $0.sent < $1.sent }
            guard let last = accepted.last, case .change(_, let stage) = last.kind, row.stage != stage,
                !accepted.dropLast().contains(where: { $0.received > last.sent })
            else { return nil }
            return Violation(1, "\(id) was to be in stage \(stage) at last, and is in \(row.stage)")
        }
    }
}

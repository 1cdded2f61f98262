@_spi(StoreKit) import AntidoteCore

extension ReferenceState {
    /// The row that has been due the longest; the lowest ticket of those that became due together.
    func due(_ role: WorkerRole, on backend: BackendID, at now: Timestamp) -> Int? {
        dueTimes(role, on: backend).filter { $0.time <= now }.min { ($0.time, $0.index) < ($1.time, $1.index) }?.index
    }

    /// The queued row with the lowest ticket that has room and no lease.
    func grantable(on backend: BackendID, at now: Timestamp) -> Int? {
        let holders = rows.filter(ReferenceDue.holdsRoom)
        return rows.firstIndex { row in
            guard row.backend == backend, row.observed.phase == .queued else { return false }
            // A collector that holds a queued row is about to expire it.
            if let lease = row.lease, now < lease.endsAt { return false }
            let onBackend = holders.count { $0.backend == backend }
            let ofSource = holders.count { $0.source.kind == row.source.kind && $0.source.name == row.source.name }
            return isBelow(limits.perInstance, holders.count) && isBelow(limits.perBackend, onBackend)
                && isBelow(limits.perSource, ofSource)
        }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID], at now: Timestamp) -> Duration? {
        if role == .scheduler, backends.contains(where: { grantable(on: $0, at: now) != nil }) { return .zero }
        let earliest = backends.flatMap { dueTimes(role, on: $0).map(\.time) }.min()
        return earliest.map { $0 <= now ? .zero : $0 - now }
    }

    /// When each row of a backend can be claimed by `role`. Rows that never become due by themselves are left out.
    private func dueTimes(_ role: WorkerRole, on backend: BackendID) -> [(index: Int, time: Timestamp)] {
        rows.indices.compactMap { index in
            guard rows[index].backend == backend, let due = ReferenceDue.claim(of: rows[index]), due.role == role
            else { return nil }
            return (index, due.time)
        }
    }

    private func isBelow(_ limit: Int?, _ count: Int) -> Bool {
        guard let limit else { return true }
        return count < limit
    }
}

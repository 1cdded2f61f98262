@_spi(StoreKit) import AntidoteCore

extension ReferenceState {
    /// Deletes what ended before `moment`, at most `limit` of each kind. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int) -> Int {
        let rows = forgetRows(before: moment, limit)
        let sessions = forgetSessions(before: moment, limit)
        let editions = forgetEditions(before: moment, limit)
        return rows + sessions + editions
    }

    /// Closed rows with their events, the longest closed first.
    private mutating func forgetRows(before moment: Timestamp, _ limit: Int) -> Int {
        let old = rows.filter { $0.observed.phase == .closed && $0.observed.phaseSince < moment }
            .sorted { ($0.observed.phaseSince, $0.ticket) < ($1.observed.phaseSince, $1.ticket) }
        let deleted = Set(old.prefix(limit).map(\.id))
        rows.removeAll { deleted.contains($0.id) }
        events.removeAll { deleted.contains($0.environment) }
        return deleted.count
    }

    /// Sessions that ended, unless one of their environments still counts.
    private mutating func forgetSessions(before moment: Timestamp, _ limit: Int) -> Int {
        let busy = Set(rows.filter(ReferenceRules.isActive).map(\.owner))
        let old = sessions.map(\.session).filter { session in
            guard let end = session.endsAt, !session.isPersistent else { return false }
            return end < moment && !busy.contains(session.id)
        }
        let deleted = Set(old.map(\.id).sorted().prefix(limit))
        sessions.removeAll { deleted.contains($0.session.id) }
        return deleted.count
    }

    /// Retired editions, unless an environment that is not closed runs their version.
    private mutating func forgetEditions(before moment: Timestamp, _ limit: Int) -> Int {
        let open = rows.filter { $0.observed.phase != .closed }.map(\.source)
        var deleted = 0
        editions.removeAll { stored in
            guard deleted < limit, let retiredAt = stored.retiredAt, retiredAt < moment else { return false }
            let (kind, version) = (stored.edition.kind, stored.edition.version)
            if open.contains(where: { $0.kind == kind && $0.version == version }) { return false }
            deleted += 1
            return true
        }
        return deleted
    }
}

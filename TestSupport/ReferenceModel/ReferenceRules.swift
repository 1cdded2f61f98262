@_spi(StoreKit) import AntidoteCore

/// The transitions of an environment, stated a second time.
enum ReferenceRules {
    /// Makes `change` and returns the kinds of its events. Returns `nil`, with the row unchanged, if the rule refuses.
    static func transition(
        _ row: inout Environment,
        by change: EnvironmentChange,
        at now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        switch change {
        case .revise(let revision): revise(&row, revision, now)
        case .remove: remove(&row, now)
        case .use: use(&row, now)
        case .follow(let session): follow(&row, session)
        case .report(let trouble, let incarnation): report(&row, trouble, incarnation)
        case .begin(let incarnation): begin(&row, incarnation, now)
        case .built(let built, let generation, let repaired): finishBuild(&row, built, generation, repaired, now)
        case .configured(let generation): finishConfiguration(&row, generation, now)
        case .retry(let pause, let generation, let error): retry(&row, pause, generation, error, now)
        case .fail(let error, let generation, let retention): fail(&row, error, generation, retention, now)
        case .abandon: abandon(&row)
        case .destroyed(let incarnation): finishDestruction(&row, incarnation)
        case .expire: expire(&row, now)
        case .close: close(&row, now)
        }
    }

    /// Neither failed, nor being removed, nor closed.
    static func isActive(_ row: Environment) -> Bool {
        [.queued, .initialized, .booting, .configuration, .ready].contains(row.observed.phase)
    }

    /// A session ends at its end, unless it is persistent.
    static func isOver(_ session: LiveSession, at now: Timestamp) -> Bool {
        guard let end = session.endsAt, !session.isPersistent else { return false }
        return end <= now
    }

    /// Enters another phase. Claims are counted per phase.
    static func enter(_ phase: Phase, _ row: inout Environment, _ now: Timestamp) {
        if row.observed.phase == phase { return }
        row.observed.phase = phase
        row.observed.phaseSince = now
        row.attempts.claims = 0
    }
}

// MARK: - Changes that requests make

extension ReferenceRules {
    private static func revise(
        _ row: inout Environment,
        _ revision: Int,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        if !isActive(row) { return nil }
        row.desired.lastActivityAt = now
        if row.desired.revision == revision { return [] }
        row.desired.revision = revision
        row.desired.generation += 1
        row.attempts.count = 0
        row.attempts.jobFailures = 0
        row.attempts.notBefore = nil
        if row.observed.phase == .ready { enter(.configuration, &row, now) }
        return [.revisionChanged]
    }

    static func remove(_ row: inout Environment, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        if row.desired.wanted == .absent || row.observed.phase == .closed { return nil }
        row.desired.wanted = .absent
        row.desired.generation += 1
        row.attempts.count = 0
        row.attempts.notBefore = nil
        enter(.deleting, &row, now)
        return []
    }

    /// A use is written at most once a minute, or four times in an idle limit that is shorter than four minutes.
    private static func use(_ row: inout Environment, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        var interval = Duration.seconds(60)
        if let limit = row.request.idleLimit, limit / 4 < interval { interval = limit / 4 }
        if now - row.desired.lastActivityAt < interval { return nil }
        row.desired.lastActivityAt = now
        return []
    }

    private static func follow(_ row: inout Environment, _ session: LiveSession) -> [EnvironmentEvent.Kind]? {
        row.desired.sessionEndsAt = session.endsAt
        row.desired.isPersistent = session.isPersistent
        return []
    }

    /// Accepted for the present incarnation while it is up, and only if it reports something new.
    private static func report(
        _ row: inout Environment,
        _ trouble: ProviderFailure,
        _ incarnation: Int
    ) -> [EnvironmentEvent.Kind]? {
        guard row.desired.wanted == .present, [.booting, .configuration, .ready].contains(row.observed.phase),
            row.observed.incarnation == incarnation, row.observed.deadThrough < incarnation
        else { return nil }
        switch trouble {
        case .dead(let endpoints):
            // An endpoint is listed twice if it died again during its repair.
            let listed = row.observed.troubled
            let new = endpoints.filter { name in listed.filter { $0 == name }.count < 2 }
            if new.isEmpty { return nil }
            row.observed.troubled = listed + new
        case .vanished:
            if row.observed.phase == .booting || row.observed.hasVanished { return nil }
            row.observed.hasVanished = true
        }
        return []
    }
}

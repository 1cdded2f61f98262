import AntidoteCore

// Changes that the worker with the lease records. Each may come late: the row may have changed since it was decided.

extension ReferenceRules {
    /// Neither failed, nor closed, nor requested to be removed.
    private static func isToRun(_ row: Environment) -> Bool {
        row.desired.wanted == .present && row.observed.phase != .failed && row.observed.phase != .closed
    }

    /// Failed, or requested to be removed.
    private static func isToGo(_ row: Environment) -> Bool {
        row.desired.wanted == .absent || row.observed.phase == .failed
    }

    static func begin(_ row: inout Environment, _ incarnation: Int, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        if !isToRun(row) { return nil }
        if incarnation > row.observed.incarnation { row.observed.incarnation = incarnation }
        row.observed.builtGeneration = 0
        row.observed.provisioned = nil
        row.observed.troubled = []
        row.observed.hasVanished = false
        row.observed.mustConfigure = true
        row.attempts.jobFailures = 0
        row.attempts.notBefore = nil
        if row.observed.phase != .ready { enter(.booting, &row, now) }
        return []
    }

    static func finishBuild(
        _ row: inout Environment,
        _ built: ProvisionedTopology,
        _ generation: Int,
        _ repaired: [String],
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        let old = row.observed.provisioned?.endpoints ?? []
        let isSameGeneration = row.observed.builtGeneration == generation
        for endpoint in built.endpoints {
            let before = old.first { $0.name == endpoint.name }
            if before?.identity == endpoint.identity { continue }
            row.observed.mustConfigure = true
            // A machine that another generation replaced has not died.
            if before != nil, isSameGeneration || repaired.contains(endpoint.name) {
                row.attempts.restarts[endpoint.name] = (row.attempts.restarts[endpoint.name] ?? 0) + 1
            }
        }
        row.observed.provisioned = built
        row.observed.builtGeneration = generation
        // Each repair answers one report. An endpoint that died again during its repair stays listed once.
        for name in repaired {
            if let index = row.observed.troubled.firstIndex(of: name) { row.observed.troubled.remove(at: index) }
        }
        row.attempts.notBefore = nil
        if row.observed.phase == .booting { enter(.configuration, &row, now) }
        return []
    }

    static func finishConfiguration(
        _ row: inout Environment,
        _ generation: Int,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        if !isToRun(row) || row.observed.builtGeneration < generation { return nil }
        if generation > row.observed.observedGeneration { row.observed.observedGeneration = generation }
        row.observed.mustConfigure = false
        row.attempts.count = 0
        row.attempts.jobFailures = 0
        row.attempts.claims = 0
        row.attempts.notBefore = nil
        if row.observed.phase == .ready || row.observed.observedGeneration != row.desired.generation { return [] }
        enter(.ready, &row, now)
        return [.ready]
    }

    static func retry(
        _ row: inout Environment,
        _ pause: Duration,
        _ generation: Int,
        _ error: AntidoteError,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        row.observed.builtGeneration = 0
        if generation != row.desired.generation { return [] }
        row.attempts.count += 1
        row.attempts.notBefore = now + pause
        if error.disposition == .rebuild { row.observed.deadThrough = row.observed.incarnation }
        if error.code == .jobFailed || error.code == .jobDeadline { row.attempts.jobFailures += 1 }
        return []
    }

    static func fail(
        _ row: inout Environment,
        _ error: AntidoteError,
        _ generation: Int,
        _ retention: Duration,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        if !isToRun(row) || generation != row.desired.generation { return nil }
        row.observed.failure = Failure(error, at: now, keptUntil: now + retention)
        row.observed.deadThrough = row.observed.incarnation
        row.attempts.notBefore = nil
        enter(.failed, &row, now)
        return [.failed]
    }

    static func abandon(_ row: inout Environment) -> [EnvironmentEvent.Kind]? {
        if !isToGo(row) { return nil }
        row.observed.deadThrough = row.observed.incarnation
        return []
    }

    static func finishDestruction(_ row: inout Environment, _ incarnation: Int) -> [EnvironmentEvent.Kind]? {
        if incarnation > row.observed.destroyedThrough { row.observed.destroyedThrough = incarnation }
        row.observed.provisioned = nil
        // Attempts of a build are counted across incarnations.
        if isToGo(row) { row.attempts.count = 0 }
        row.attempts.notBefore = nil
        return []
    }

    static func expire(_ row: inout Environment, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        guard let end = ReferenceDue.expiry(of: row), end <= now else { return nil }
        return remove(&row, now)
    }

    static func close(_ row: inout Environment, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        guard isToGo(row), row.observed.phase != .closed, row.observed.incarnation <= row.observed.destroyedThrough
        else { return nil }
        // A failed row that no caller removed ends without another event.
        let hasEvent = row.desired.wanted == .absent
        enter(.closed, &row, now)
        row.observed.provisioned = nil
        return hasEvent ? [.deleted] : []
    }
}

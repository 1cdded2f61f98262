/// A transition of an environment. ``Environment/apply(_:now:)`` holds the rule of each.
///
/// Not exhaustive: later releases add changes. A store hands them to `apply` and never inspects them; they are not
/// stored.
package enum EnvironmentChange: Sendable {
    // What requests change.

    /// The owner wants another revision.
    case revise(to: Int)
    /// The environment is to be removed.
    case remove
    /// The owner uses it.
    case use
    /// The owner's session was changed.
    case follow(LiveSession)
    /// The provider reported a failure of an incarnation.
    case report(ProviderFailure, incarnation: Int)

    // What the holder of a lease records.

    /// A new incarnation is about to be built. Recorded before anything is made.
    case begin(incarnation: Int)
    /// The provider matches `generation`.
    case built(ProvisionedTopology, generation: Int, repaired: [String])
    /// The configuration of `generation` is done.
    case configured(generation: Int)
    /// A failure that may pass: try again after a pause. An error that demands it abandons the incarnation first.
    /// Nothing waits if something newer than `generation` is wanted by then.
    case retry(after: Duration, generation: Int, because: AntidoteError)
    /// A permanent failure, unless something newer than `generation` is wanted by then. The row keeps the reason for a
    /// while.
    case fail(AntidoteError, generation: Int, keptFor: Duration)
    /// The present incarnation is abandoned. Recorded before anything of it is destroyed.
    case abandon
    /// Nothing of incarnations up to this one is left at the provider.
    case destroyed(through: Int)
    /// It was idle for too long, or its session ended.
    case expire
    /// Nothing is left to do: the row is closed.
    case close
}

extension Environment {
    /// Makes `change`, if its rule allows it for this row at `now`, and returns the durable events of it. `nil`: the rule
    /// refused it, and the row is as it was.
    ///
    /// Pure: workers predict with it what a commit will do, and stores commit with it, after they have checked the fence.
    /// A change may come late: the row may have changed since it was decided. The rules below say what is still true then.
    @discardableResult
    package mutating func apply(_ change: EnvironmentChange, now: Timestamp) -> [EnvironmentEvent.Kind]? {
        switch change {
        case .revise(let revision): revise(to: revision, now)
        case .remove: remove(now)
        case .use: use(now)
        case .follow(let session): follow(session)
        case .report(let failure, let incarnation): report(failure, incarnation)
        case .begin(let incarnation): begin(incarnation, now)
        case .built(let built, let generation, let repaired): record(built, generation, repaired, now)
        case .configured(let generation): configured(generation, now)
        case .retry(let pause, let generation, let error): retry(after: pause, generation, error, now)
        case .fail(let error, let generation, let retention): fail(error, generation, retention, now)
        case .abandon: abandon()
        case .destroyed(let incarnation): destroyed(through: incarnation)
        case .expire: expire(now)
        case .close: close(now)
        }
    }

    /// Whether it is neither to be removed, nor failed, nor closed.
    private var isWantedToRun: Bool { wanted == .present && phase != .failed && phase != .closed }

    private mutating func enter(_ next: Phase, _ now: Timestamp) {
        guard phase != next else { return }
        observed.phase = next
        observed.phaseSince = now
        attempts.claims = 0
    }
}

// MARK: - Requests

extension Environment {
    private mutating func revise(to revision: Int, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        guard isRunning else { return nil }
        desired.lastActivityAt = now
        guard revision != self.revision else { return [] }
        desired.revision = revision
        desired.generation += 1
        attempts.count = 0
        attempts.jobFailures = 0
        attempts.notBefore = nil
        if phase == .ready { enter(.configuration, now) }
        return [.revisionChanged]
    }

    private mutating func remove(_ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        guard wanted == .present, phase != .closed else { return nil }
        desired.wanted = .absent
        desired.generation += 1
        attempts.count = 0
        attempts.notBefore = nil
        enter(.deleting, now)
        return []
    }

    private mutating func use(_ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        guard isUseWorthRecording(at: now) else { return nil }
        desired.lastActivityAt = now
        return []
    }

    /// Whether a use at `now` is worth a write: at most once a minute, or four times in a short idle limit. So an
    /// environment may be taken for idle that much too early, and never too late.
    func isUseWorthRecording(at now: Timestamp) -> Bool {
        now - desired.lastActivityAt >= min(.seconds(60), (request.idleLimit ?? .seconds(3600)) / 4)
    }

    private mutating func follow(_ session: LiveSession) -> [EnvironmentEvent.Kind]? {
        desired.sessionEndsAt = session.endsAt
        desired.isPersistent = session.isPersistent
        return []
    }

    /// A late report about another incarnation says nothing about this one.
    private mutating func report(_ failure: ProviderFailure, _ incarnation: Int) -> [EnvironmentEvent.Kind]? {
        guard incarnation == self.incarnation, observed.hasLiveIncarnation, wanted == .present,
            phase == .ready || phase == .configuration || phase == .booting
        else { return nil }
        switch failure {
        case .dead(let endpoints):
            let news = endpoints.filter { name in observed.troubled.count { $0 == name } < 2 }
            guard !news.isEmpty else { return nil }
            observed.troubled += news
        case .vanished:
            guard phase != .booting, !observed.hasVanished else { return nil }
            observed.hasVanished = true
        }
        return []
    }
}

// MARK: - The holder of the lease

extension Environment {
    private mutating func begin(_ incarnation: Int, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        // Its removal may have been requested between the decision and this transaction.
        guard isWantedToRun else { return nil }
        observed.incarnation = max(self.incarnation, incarnation)
        observed.builtGeneration = 0
        observed.provisioned = nil
        observed.troubled = []
        observed.hasVanished = false
        observed.mustConfigure = true
        attempts.jobFailures = 0
        attempts.notBefore = nil
        if phase != .ready { enter(.booting, now) }
        return []
    }

    private mutating func record(
        _ built: ProvisionedTopology,
        _ generation: Int,
        _ repaired: [String],
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        countReplacements(in: built, generation, repaired)
        observed.provisioned = built
        observed.builtGeneration = generation
        // One for one: what died again during its repair still needs another one.
        for name in repaired {
            if let index = observed.troubled.firstIndex(of: name) { observed.troubled.remove(at: index) }
        }
        attempts.notBefore = nil
        if phase == .booting { enter(.configuration, now) }
        return []
    }

    /// A machine that was replaced because something else is wanted now has not died.
    private mutating func countReplacements(in built: ProvisionedTopology, _ generation: Int, _ repaired: [String]) {
        let isSameRequest = observed.builtGeneration == generation
        for endpoint in built.endpoints {
            let before = provisioned?[endpoint: endpoint.name]?.identity
            guard before != endpoint.identity else { continue }
            observed.mustConfigure = true
            let hasDied = before != nil && (isSameRequest || repaired.contains(endpoint.name))
            if hasDied { attempts.restarts[endpoint.name, default: 0] += 1 }
        }
    }

    private mutating func configured(_ generation: Int, _ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        // An earlier change of the same commit may have been refused because the environment is to be removed.
        // Or this comes late, and the provider is to be compared again since.
        guard isWantedToRun, observed.builtGeneration >= generation else { return nil }
        observed.observedGeneration = max(observed.observedGeneration, generation)
        observed.mustConfigure = false
        attempts.count = 0
        attempts.jobFailures = 0
        attempts.claims = 0
        attempts.notBefore = nil
        guard phase != .ready, observed.observedGeneration == self.generation else { return [] }
        enter(.ready, now)
        return [.ready]
    }

    private mutating func retry(
        after pause: Duration,
        _ generation: Int,
        _ error: AntidoteError,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        // The failure may have broken something: the provider is compared again.
        observed.builtGeneration = 0
        // Something else may be wanted meanwhile: that has not failed yet, and waits for nothing.
        guard generation == self.generation else { return [] }
        attempts.count += 1
        attempts.notBefore = now + pause
        if error.disposition == .rebuild { observed.deadThrough = incarnation }
        if error.isOfJob { attempts.jobFailures += 1 }
        return []
    }

    private mutating func fail(
        _ error: AntidoteError,
        _ generation: Int,
        _ retention: Duration,
        _ now: Timestamp
    ) -> [EnvironmentEvent.Kind]? {
        guard generation == self.generation, isWantedToRun else { return nil }
        observed.failure = Failure(error, at: now, keptUntil: now + retention)
        observed.deadThrough = incarnation
        attempts.notBefore = nil
        enter(.failed, now)
        return [.failed]
    }

    private mutating func abandon() -> [EnvironmentEvent.Kind]? {
        guard wanted == .absent || phase == .failed else { return nil }
        observed.deadThrough = incarnation
        return []
    }

    private mutating func destroyed(through incarnation: Int) -> [EnvironmentEvent.Kind]? {
        observed.destroyedThrough = max(observed.destroyedThrough, incarnation)
        observed.provisioned = nil
        // Attempts of a build outlive its incarnations: otherwise they would never come to an end.
        if wanted == .absent || phase == .failed { attempts.count = 0 }
        attempts.notBefore = nil
        return []
    }

    private mutating func expire(_ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        // It may have been used between the decision and this transaction.
        guard let expiresAt, expiresAt <= now else { return nil }
        return remove(now)
    }

    private mutating func close(_ now: Timestamp) -> [EnvironmentEvent.Kind]? {
        // An earlier change of the same commit may have been refused because the environment was used meanwhile.
        guard phase != .closed, wanted == .absent || phase == .failed,
            observed.destroyedThrough >= incarnation
        else { return nil }
        let wasFailed = phase == .failed && wanted == .present
        enter(.closed, now)
        observed.provisioned = nil
        return wasFailed ? [] : [.deleted]
    }
}

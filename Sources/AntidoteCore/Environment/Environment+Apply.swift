extension Environment {
    /// What `change` makes of this row, and the durable events that tell of it.
    ///
    /// Pure: every store applies it within its own transaction, after it has checked the fence.
    public mutating func apply(_ change: EnvironmentChange, now: Timestamp) -> [EnvironmentEvent.Kind] {
        switch change {
        case .begin(let incarnation):
            // Somebody may have asked for its removal between the decision and this transaction.
            guard wanted == .present, phase != .failed, phase != .closed else { return [] }
            self.incarnation = max(self.incarnation, incarnation)
            builtGeneration = 0
            provisioned = nil
            troubled = []
            hasVanished = false
            mustConfigure = true
            jobFailures = 0
            notBefore = nil
            if phase != .ready { enter(.booting, now) }
        case .built(let built, let generation, let repaired):
            recordReplacements(in: built, generation: generation, repaired: repaired)
            provisioned = built
            builtGeneration = generation
            // One for one: what died again while it was repaired is still to be repaired.
            for name in repaired {
                if let index = troubled.firstIndex(of: name) { troubled.remove(at: index) }
            }
            notBefore = nil
            if phase == .booting { enter(.configuration, now) }
        case .configured(let generation):
            // What came before in the same commit may have been refused: nobody wants it any more.
            // Or it comes late, and what it was about is looked at again since.
            guard wanted == .present, phase != .failed, phase != .closed, builtGeneration >= generation else {
                return []
            }
            observedGeneration = max(observedGeneration, generation)
            mustConfigure = false
            attempts = 0
            jobFailures = 0
            claims = 0
            notBefore = nil
            guard phase != .ready, observedGeneration == self.generation else { return [] }
            enter(.ready, now)
            return [.ready]
        case .retry(let pause, let generation, let error):
            // Whatever failed may have broken something: the provider is looked at again.
            builtGeneration = 0
            // Somebody may have asked for something else meanwhile: that has not failed yet, and waits for nothing.
            guard generation == self.generation else { return [] }
            attempts += 1
            notBefore = now + pause
            if error.disposition == .rebuild { deadThrough = incarnation }
            if error.isOfJob { jobFailures += 1 }
        case .fail(let error, let generation, let retention):
            guard generation == self.generation, wanted == .present, phase != .failed, phase != .closed else {
                return []
            }
            failure = Failure(error, at: now, keptUntil: now + retention)
            deadThrough = incarnation
            notBefore = nil
            enter(.failed, now)
            return [.failed]
        case .giveUp:
            guard wanted == .absent || phase == .failed else { return [] }
            deadThrough = incarnation
        case .destroyed(let incarnation):
            destroyedThrough = max(destroyedThrough, incarnation)
            provisioned = nil
            // Attempts of a build outlive its incarnations: otherwise they would never come to an end.
            if wanted == .absent || phase == .failed { attempts = 0 }
            notBefore = nil
        case .expire:
            // Somebody may have used it between the decision and this transaction.
            guard let expiresAt, expiresAt <= now else { return [] }
            return requestRemoval(now)
        case .close:
            // What came before in the same commit may have been refused: somebody used it meanwhile.
            guard phase != .closed, wanted == .absent || phase == .failed, destroyedThrough >= incarnation else {
                return []
            }
            let wasFailed = phase == .failed && wanted == .present
            enter(.closed, now)
            provisioned = nil
            return wasFailed ? [] : [.deleted]
        }
        return []
    }

    /// Somebody wants another revision.
    public mutating func request(revision: Int, now: Timestamp) -> [EnvironmentEvent.Kind] {
        lastActivityAt = now
        guard revision != self.revision else { return [] }
        self.revision = revision
        generation += 1
        attempts = 0
        jobFailures = 0
        notBefore = nil
        if phase == .ready { enter(.configuration, now) }
        return [.revisionChanged]
    }

    /// Nobody wants it any more.
    public mutating func requestRemoval(_ now: Timestamp) -> [EnvironmentEvent.Kind] {
        wanted = .absent
        generation += 1
        attempts = 0
        notBefore = nil
        enter(.deleting, now)
        return []
    }

    /// Somebody uses it. Call it only if ``notesUse(at:)`` says so: a write for each click is too many.
    public mutating func touch(_ now: Timestamp) -> [EnvironmentEvent.Kind] {
        lastActivityAt = now
        return []
    }

    /// Whether a use at `now` is worth a write: at most once a minute, or four times in a short idle limit. So an
    /// environment may be taken for idle that much too early, and never too late.
    public func notesUse(at now: Timestamp) -> Bool {
        now - lastActivityAt >= min(.seconds(60), (idleLimit ?? .seconds(3600)) / 4)
    }

    /// Its owner's session is another one now.
    public mutating func follow(_ session: LiveSession) {
        sessionEndsAt = session.endsAt
        isPersistent = session.isPersistent
    }

    /// Something was seen amiss with `incarnation`. Late news of another one is no news.
    public mutating func note(_ trouble: Trouble, incarnation: Int) -> Bool {
        guard incarnation == self.incarnation, hasLiveIncarnation, wanted == .present,
            phase == .ready || phase == .configuration || phase == .booting
        else { return false }
        switch trouble {
        case .dead(let endpoints):
            let news = endpoints.filter { name in troubled.count { $0 == name } < 2 }
            troubled += news
            return !news.isEmpty
        case .vanished:
            guard phase != .booting else { return false }
            defer { hasVanished = true }
            return !hasVanished
        }
    }

    private mutating func enter(_ next: Phase, _ now: Timestamp) {
        guard phase != next else { return }
        phase = next
        phaseSince = now
        claims = 0
    }

    /// A machine that is another one because something else is wanted now has not died.
    private mutating func recordReplacements(in built: ProvisionedTopology, generation: Int, repaired: [String]) {
        let isSameRequest = builtGeneration == generation
        for endpoint in built.endpoints {
            let before = provisioned?[endpoint: endpoint.name]?.identity
            guard before != endpoint.identity else { continue }
            mustConfigure = true
            let hasDied = before != nil && (isSameRequest || repaired.contains(endpoint.name))
            if hasDied { restarts[endpoint.name, default: 0] += 1 }
        }
    }
}

@_spi(StoreKit) import AntidoteCore

/// What every single change of a row keeps to, whoever made it.
struct RowRules {
    let policy: SchedulingPolicy

    /// The first rule that `change` breaks.
    func violation(of change: RowChange) -> Violation? {
        let checks = [lease, fields, incarnation, wishes, phase, events, ready, end]
        for check in checks {
            if let violation = check(change) { return violation }
        }
        return nil
    }

    /// A provider gets over these.
    private static let troubles: [AntidoteError.Code] = [.backendUnavailable, .nameConflict, .storageFull]

    private func say(_ rule: Int, _ sentence: String, _ change: RowChange) -> Violation {
        Violation(rule, "\(sentence): \(Describe.row(change.before)) -> \(Describe.row(change.after))")
    }

    /// Who holds a row, and for how long, is only changed by who may.
    private func lease(_ change: RowChange) -> Violation? {
        let (before, after, now) = (change.before, change.after, change.at)
        let isHeld = before.lease.map { $0.endsAt > now } ?? false
        if let fence = change.fence {
            guard isHeld, before.lease?.fence == fence else {
                return say(5, "a commit under fence \(fence) was taken", change)
            }
        }
        if after.fence != before.fence {
            if after.fence.rawValue != before.fence.rawValue + 1 {
                return say(5, "a fence was not the next one", change)
            }
            if isHeld { return say(5, "a row was claimed under another's lease", change) }
            if after.lease?.fence != after.fence { return say(5, "a claim without a lease", change) }
            if let pause = before.attempts.notBefore, pause > now, after.wanted == .present {
                return say(6, "a row was claimed in its pause", change)
            }
        } else if let lease = after.lease {
            if lease.fence != before.lease?.fence { return say(5, "a lease came back", change) }
            if lease != before.lease, !isHeld { return say(5, "a lease was renewed after its end", change) }
        } else if before.lease != nil, change.fence == nil {
            return say(5, "a lease was taken from its holder", change)
        }
        if let lease = after.lease, lease != before.lease, lease.endsAt - now > policy.leaseDuration {
            return say(5, "a lease is too long", change)
        }
        return nil
    }

    /// What only the holder of the lease writes.
    private func fields(_ change: RowChange) -> Violation? {
        guard change.fence == nil else { return nil }
        let (before, after) = (change.before, change.after)
        let isSame =
            before.incarnation == after.incarnation && before.observed.deadThrough == after.observed.deadThrough
            && before.observed.destroyedThrough == after.observed.destroyedThrough
            && before.observed.builtGeneration == after.observed.builtGeneration
            && before.observed.observedGeneration == after.observed.observedGeneration
            && before.provisioned == after.provisioned
            && before.attempts.restarts == after.attempts.restarts && before.failure == after.failure
        return isSame ? nil : say(5, "something was written without a lease", change)
    }

    private func incarnation(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        if after.incarnation < before.incarnation || after.observed.deadThrough < before.observed.deadThrough
            || after.observed.destroyedThrough < before.observed.destroyedThrough
        {
            return say(2, "an incarnation was taken back", change)
        }
        if after.observed.deadThrough > after.incarnation
            || after.observed.destroyedThrough > after.observed.deadThrough
        {
            return say(2, "something was destroyed that is not dead, or is dead and was never begun", change)
        }
        if after.incarnation > before.incarnation {
            if after.incarnation != before.incarnation + 1 { return say(2, "an incarnation was skipped", change) }
            if before.observed.deadThrough < before.incarnation || before.observed.destroyedThrough < before.incarnation
            {
                return say(2, "an incarnation was begun before the last one was gone", change)
            }
            if after.wanted == .absent { return say(1, "an incarnation was begun that nobody wants", change) }
        }
        if let built = after.provisioned, built.id.incarnation != after.incarnation || built.id.environment != after.id
        {
            return say(2, "another incarnation is bound", change)
        }
        return nil
    }

    /// What is wanted only changes by wishes, and each is a generation.
    private func wishes(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        let hasChanged = after.revision != before.revision || after.wanted != before.wanted
        if after.generation < before.generation || after.generation > before.generation + 1 {
            return say(1, "a generation was lost or skipped", change)
        }
        if hasChanged != (after.generation > before.generation) { return say(1, "a wish without a generation", change) }
        if before.wanted == .absent, after.wanted == .present { return say(1, "a removal was forgotten", change) }
        if after.observed.observedGeneration > after.generation || after.observed.builtGeneration > after.generation {
            return say(1, "something was observed that nobody wants", change)
        }
        if change.fence != nil, after.wanted == .absent, before.wanted == .present {
            guard let end = before.expiresAt, end <= change.at else { return say(1, "it expired too early", change) }
        }
        if after.wanted == .present, after.phase != .failed, after.attempts.count > policy.retry.maxAttempts {
            return say(1, "it is tried for ever", change)
        }
        return nil
    }

    private func phase(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        if before.phase == .closed, after.phase != .closed { return say(6, "a row that is over came back", change) }
        guard before.generation == after.generation, before.incarnation == after.incarnation else { return nil }
        if after.phase.rank < before.phase.rank { return say(6, "a phase went backwards", change) }
        return nil
    }

    /// Each durable event is numbered without a gap, and none is missing.
    private func events(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        for (index, event) in change.events.enumerated()
        where event.sequence != before.eventCount + Int64(index) + 1 || event.environment != after.id {
            return say(6, "an event has the number \(event.sequence)", change)
        }
        if after.eventCount != before.eventCount + Int64(change.events.count) {
            return say(6, "the events were miscounted", change)
        }
        var expected: [EnvironmentEvent.Kind] = before.eventCount == 0 ? [.admitted] : []
        if after.revision != before.revision { expected.append(.revisionChanged) }
        if after.phase != before.phase {
            switch after.phase {
            case .ready: expected.append(.ready)
            case .failed: expected.append(.failed)
            case .closed where before.phase != .failed || before.wanted == .absent: expected.append(.deleted)
            default: break
            }
        }
        let kinds = change.events.map(\.kind)
        return kinds == expected ? nil : say(6, "the events \(kinds) are not \(expected)", change)
    }

    private func ready(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        if after.phase == .failed, after.failure == nil { return say(1, "it failed without a reason", change) }
        if let code = after.failure?.code, before.failure == nil, RowRules.troubles.contains(code),
            before.attempts.count + 1 < policy.retry.maxAttempts
        {
            return say(1, "it was given up at attempt \(before.attempts.count + 1) for what passes", change)
        }
        // No run kills as many workers of one row as it takes to suspect the row itself.
        if after.failure?.code == .internalFault, before.failure == nil {
            return say(1, "it was claimed again and again, and nothing came of it", change)
        }
        guard after.phase == .ready, before.phase != .ready else { return nil }
        guard after.observed.observedGeneration == after.generation, after.observed.builtGeneration == after.generation,
            after.observed.hasLiveIncarnation, after.provisioned != nil
        else { return say(1, "it is ready and is not", change) }
        return nil
    }

    private func end(_ change: RowChange) -> Violation? {
        let (before, after) = (change.before, change.after)
        guard after.phase == .closed, before.phase != .closed else { return nil }
        if after.observed.destroyedThrough < after.incarnation {
            return say(3, "a row was closed before its lab was gone", change)
        }
        if after.wanted == .present {
            guard let failure = before.failure, failure.keptUntil <= change.at else {
                return say(1, "a row was closed that is wanted", change)
            }
        }
        return nil
    }
}

extension Phase {
    fileprivate var rank: Int {
        switch self {
        case .queued: 0
        case .initialized: 1
        case .booting: 2
        case .configuration: 3
        case .ready: 4
        case .failed: 5
        case .deleting: 6
        case .closed: 7
        }
    }
}

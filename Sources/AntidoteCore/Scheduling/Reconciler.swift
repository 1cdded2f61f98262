import ConcurrencyKit
import Tracing

/// Reconciles one claimed environment until nothing is left to do, the lease is lost, or the next step is another role's.
///
/// It asks ``Lifecycle``, does what it says, records the outcome, and asks again.
struct Reconciler: Sendable {
    let role: WorkerRole
    let dependencies: WorkerDependencies
    let planners: PlannerRegistry
    let leases: LeaseTable
    let board: ProgressBoard

    /// All that is done for an environment is part of the trace of whoever asked for it. Returns whether there may be more
    /// for a worker of the same role, now or later: with this one, or in the place that it has left.
    func run(_ claim: Claim) async -> Bool {
        await ServiceContext.withValue(.continuing(claim.environment.request.traceContext)) { await drive(claim) }
    }

    private func drive(_ claim: Claim) async -> Bool {
        let id = claim.environment.id
        defer {
            leases.release(id, claim.lease.fence)
            board.settle(id)
        }
        var row = claim.environment
        var clock = StoreClock(claim.at, time: dependencies.time)
        await dependencies.publisher.publish(claim.events)
        if row.phase != claim.phaseBefore { announce(row) }
        do {
            while leases.isValid(id, claim.lease.fence) {
                if Task.isCancelled {
                    await handBack(row, claim.lease.fence)
                    return true
                }
                let (commit, step) = decide(row, claim.lease.fence, now: clock.now)
                if let commit {
                    guard let next = try await record(commit, on: row, &clock) else { return true }
                    row = next
                    if commit.releases { break }
                    // What is wanted may have changed meanwhile: the step is decided anew from what was recorded.
                    continue
                }
                if let step { row = try await perform(step, on: row, claim.lease.fence, &clock) ?? row }
            }
            if leases.isOver(id, claim.lease.fence) { tellLost(row, "over") }
        } catch {
            // The store did not answer. The lease runs out, and somebody else takes over.
            dependencies.telemetry.warning(
                "an environment was let go",
                ["error": "\(error)"].merging(attributes(row)) { $1 }
            )
            return true
        }
        let evaluation = Lifecycle.evaluate(row, now: clock.now)
        return row.lease != nil || evaluation.role == role || (role == .scheduler && !evaluation.holdsCapacity)
    }

    /// What is recorded in one commit, if anything, and otherwise the step that has an effect.
    private func decide(_ row: Environment, _ fence: Fence, now: Timestamp) -> (Commit?, Lifecycle.Step?) {
        let (changes, step) = Lifecycle.next(for: row, as: role, now: now, policy: dependencies.policy)
        if let step, changes.isEmpty { return (nil, step) }
        return (Commit(environment: row.id, fence: fence, changes: changes, releases: step == nil), step)
    }

    /// `nil`: the lease is lost, and with it everything that was to be written.
    private func record(
        _ commit: Commit,
        on row: Environment,
        _ clock: inout StoreClock
    ) async throws -> Environment? {
        guard let outcome = try await dependencies.store.write({ try await $0.commit([commit]) }).first,
            case .committed(let next, let events, let at) = outcome
        else {
            tellLost(row, "taken")
            leases.release(row.id, commit.fence)
            return nil
        }
        clock = StoreClock(at, time: dependencies.time)
        await dependencies.publisher.publish(events)
        if next.phase != row.phase { announce(next) }
        if commit.releases { await wakeNext(next, now: at) }
        // Whoever waits for room need not wait for the next sweep.
        if row.holdsCapacity, !next.holdsCapacity { await dependencies.publisher.wake(.scheduler, about: row.id) }
        return next
    }

    /// Does a step that has an effect. Returns the row as it is after that, or `nil` if it did not change.
    private func perform(
        _ step: Lifecycle.Step,
        on row: Environment,
        _ fence: Fence,
        _ clock: inout StoreClock
    ) async throws -> Environment? {
        let executor = StepExecutor(
            row: row,
            dependencies: dependencies,
            planners: planners,
            authority: leases.authority(for: row.id, fence),
            progress: board.reporter(for: row.id, kind: row.source.kind)
        )
        do {
            guard let changes = try await interruptible(row, fence, { try await executor.perform(step) }) else {
                return try await dependencies.store.ask { try await $0.environment(row.id) }
            }
            // What was done for the last time is recorded together with the end of the work.
            var predicted = row
            for change in changes { predicted.apply(change, now: clock.now) }
            let (tail, next) = decide(predicted, fence, now: clock.now)
            var commit = Commit(environment: row.id, fence: fence, changes: changes)
            if let tail, next == nil {
                commit.changes += tail.changes
                commit.releases = tail.releases
            }
            let recorded = try await record(commit, on: row, &clock)
            if commit.releases { leases.release(row.id, fence) }
            return recorded
        } catch {
            // Whatever a step says after it was told to stop is no reason to fail.
            if Task.isCancelled { return nil }
            return try await recordFailure(failure(from: error), of: row, fence, &clock)
        }
    }

    /// A step that gave up without being told to would otherwise be repeated without a pause.
    private func failure(from error: any Error) -> AntidoteError {
        guard error is CancellationError else { return AntidoteError.wrapping(error) }
        return AntidoteError(.backendUnavailable, "the backend cancelled what it was asked for", cause: error)
    }

    private func recordFailure(
        _ error: AntidoteError,
        of row: Environment,
        _ fence: Fence,
        _ clock: inout StoreClock
    ) async throws -> Environment? {
        dependencies.telemetry.notice("a step failed", ["error": error.description].merging(attributes(row)) { $1 })
        let current = try await dependencies.store.ask { try await $0.environment(row.id) } ?? row
        // A failure of what nobody wants any more says nothing about what is wanted now.
        if current.generation != row.generation, error.code != .authorityLost { return current }
        let isEnding = current.wanted == .absent || current.phase == .failed
        guard
            let change = dependencies.policy.change(
                after: error,
                for: current,
                isEnding: isEnding,
                jitter: dependencies.random.unit()
            )
        else {
            if error.code == .authorityLost { tellLost(row, "over") }
            leases.release(row.id, fence)
            return nil
        }
        board.reporter(for: row.id, kind: row.source.kind).report(.note(error.description))
        return try await record(Commit(environment: row.id, fence: fence, changes: [change]), on: row, &clock)
    }

    /// `nil`: something newer is wanted, or the lease is lost; `operation` was cancelled and has ended.
    private func interruptible(
        _ row: Environment,
        _ fence: Fence,
        _ operation: @escaping @Sendable () async throws -> [EnvironmentChange]
    ) async throws -> [EnvironmentChange]? {
        try await withThrowingTaskGroup(of: [EnvironmentChange]?.self) { group in
            let hasEnded = group.addTaskAtOnce { try await operation() }
            if !hasEnded {
                group.addTask {
                    await leases.interruption(of: row.id, fence, after: row.generation)
                    try Task.checkCancellation()
                    return nil
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// - Parameter how: Whether its time was `over`, or it was `taken` by somebody else, which the store said when
    ///   something was to be written.
    private func tellLost(_ row: Environment, _ how: String) {
        dependencies.telemetry.count("antidote_lost_leases", [("how", how)])
        dependencies.telemetry.notice("a lease was lost amid the work", ["how": how].merging(attributes(row)) { $1 })
    }

    /// The worker is told to stop: whoever comes next need not wait for the lease to end.
    private func handBack(_ row: Environment, _ fence: Fence) async {
        let commit = Commit(environment: row.id, fence: fence, releases: true)
        do {
            _ = try await dependencies.store.write { try await $0.commit([commit]) }
        } catch {
            dependencies.telemetry.warning(
                "an environment was not handed back",
                ["error": "\(error)"].merging(attributes(row)) { $1 }
            )
        }
        await dependencies.publisher.wake(role, about: row.id)
    }

    private func wakeNext(_ row: Environment, now: Timestamp) async {
        let evaluation = Lifecycle.evaluate(row, now: now)
        if evaluation.awaitsCapacity { await dependencies.publisher.wake(.scheduler, about: row.id) }
        guard let role = evaluation.role, let moment = evaluation.claimableAt, moment <= now else { return }
        await dependencies.publisher.wake(role, about: row.id)
    }

    private func announce(_ row: Environment) {
        dependencies.telemetry.notice(
            row.phase.rawValue,
            attributes(row).merging(row.failure.map { [AttributeKey.errorCode: $0.code.description] } ?? [:]) { $1 }
        )
        dependencies.telemetry.count("antidote_phase_changes", [("phase", row.phase.rawValue)])
        if row.phase == .failed, let failure = row.failure {
            dependencies.telemetry.count("antidote_failures", [("code", failure.code.description)])
        }
        if row.phase == .ready, row.generation == 1 {
            dependencies.telemetry.record("antidote_ready_seconds", row.phaseSince - row.createdAt)
        }
        if row.phase == .closed { board.forget(row.id) }
    }

    private func attributes(_ row: Environment) -> [String: String] { dependencies.attributes(of: row) }
}

extension Environment {
    package func telemetryAttributes(in vocabulary: any EventVocabulary) -> [String: String] {
        vocabulary.attributes(of: source, revision: revision).merging([
            AttributeKey.environment: id.rawValue,
            AttributeKey.session: owner.rawValue,
            AttributeKey.backend: backend.rawValue,
            AttributeKey.incarnation: String(incarnation),
            AttributeKey.attempt: String(attempts.count + 1),
        ]) { $1 }
    }
}

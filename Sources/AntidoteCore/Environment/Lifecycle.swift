/// The one place that decides about an environment: what is done next, by which role, when, and what its row counts for.
///
/// Level-triggered and pure: it reads the row and the time, never how they came about. Any worker may ask at any moment,
/// after any crash, and gets the same answer. Stores derive their due columns, counters and indexes from it.
@_spi(StoreKit) public enum Lifecycle {
    /// What a worker does next.
    package enum Step: Sendable {
        /// Nothing until something changes.
        case rest
        /// Record this.
        case record(EnvironmentChange)
        /// Make the provider match the present generation.
        case converge
        /// Run the jobs of the present generation, and wait its ready delay.
        case configure
        /// Remove all incarnations through this one from the provider.
        case destroy(through: Int)
    }

    /// Everything that follows from a row.
    public struct Evaluation: Sendable {
        /// What is done next, once it is due.
        package var step: Step
        /// Which role does it, and holds the lease for that. `nil`: no role, as things stand.
        public var role: WorkerRole?
        /// When the step is due, for the worker that holds the row. `nil`: never, as things stand.
        package var dueAt: Timestamp?
        /// When a worker can claim the row for it: once it is due and no lease is in the way.
        public var claimableAt: Timestamp?
        /// Whether the step is due at the time of the evaluation.
        package var isDue: Bool
        /// Queued: a scheduler takes it as soon as there is capacity, in the order of the tickets and at no set time.
        public var awaitsCapacity: Bool
        /// Whether its infrastructure counts against the capacity.
        public var holdsCapacity: Bool
        /// Whether its owner gets it back by asking again: it is neither failed nor on its way out.
        public var isRunning: Bool
        /// What a client sees of it.
        package var view: ClientView
    }

    /// What a client sees of an environment.
    package struct ClientView: Sendable, Hashable {
        /// How far it has come.
        package var phase: Phase
        /// The revision that is in effect; `nil` while another one is being brought about.
        package var revision: Int?
        /// Whether its addresses are of use: before that its machines are half made, after that they are going.
        package var isReachable: Bool
    }

    /// Evaluates `row` at `now`, by the store's clock.
    ///
    /// The bounds of `policy` decide only whether a scheduler's next step is to fail the environment. Everything else is
    /// the same without them, so a store, which knows no policy, passes none.
    public static func evaluate(
        _ row: Environment,
        now: Timestamp,
        policy: SchedulingPolicy? = nil
    ) -> Evaluation {
        let (step, role, moment) = next(row, policy)
        let dueAt = moment.map { max($0, row.attempts.notBefore ?? $0) }
        let isRunning = row.phase.isRunning
        return Evaluation(
            step: step,
            role: role,
            dueAt: dueAt,
            claimableAt: dueAt.map { max($0, row.lease?.endsAt ?? $0) },
            isDue: dueAt.map { $0 <= now } ?? false,
            awaitsCapacity: row.phase.awaitsCapacity,
            holdsCapacity: holdsCapacity(row),
            isRunning: isRunning,
            view: ClientView(
                phase: row.phase,
                revision: isRunning && row.observed.observedGeneration == row.generation ? row.revision : nil,
                isReachable: row.phase == .ready && row.provisioned != nil
            )
        )
    }

    private static func next(
        _ row: Environment,
        _ policy: SchedulingPolicy?
    ) -> (Step, WorkerRole?, Timestamp?) {
        if row.phase == .closed { return (.rest, nil, nil) }
        if row.wanted == .absent { return (ending(row), .collector, row.phaseSince) }
        if row.phase == .failed {
            // The infrastructure goes immediately; the row stays to say why it failed.
            if row.observed.destroyedThrough < row.incarnation { return (ending(row), .scheduler, row.phaseSince) }
            return (ending(row), .collector, row.failure?.keptUntil ?? row.phaseSince)
        }
        // A queued row leaves the queue when a scheduler takes it, so that only a collector ever holds one.
        if row.phase.awaitsCapacity || isSettled(row) {
            guard let end = row.expiresAt else { return (.rest, nil, nil) }
            return (.record(.expire), .collector, end)
        }
        return (building(row, policy), .scheduler, row.phaseSince)
    }

    /// As it is wanted, and nothing was reported about it.
    private static func isSettled(_ row: Environment) -> Bool {
        let observed = row.observed
        return observed.phase == .ready && observed.builtGeneration == row.generation
            && observed.observedGeneration == row.generation && observed.troubled.isEmpty && !observed.hasVanished
            && !observed.mustConfigure && observed.hasLiveIncarnation
    }

    private static func ending(_ row: Environment) -> Step {
        if row.observed.hasLiveIncarnation { return .record(.abandon) }
        if row.observed.destroyedThrough < row.incarnation { return .destroy(through: row.incarnation) }
        return .record(.close)
    }

    private static func building(_ row: Environment, _ policy: SchedulingPolicy?) -> Step {
        if let policy, let error = policy.exceeded(by: row) {
            return .record(.fail(error, generation: row.generation, keptFor: policy.failedRetention))
        }
        let observed = row.observed
        if !observed.hasLiveIncarnation {
            if observed.destroyedThrough < observed.deadThrough { return .destroy(through: observed.deadThrough) }
            return .record(.begin(incarnation: observed.incarnation + 1))
        }
        if observed.builtGeneration < row.generation || !observed.troubled.isEmpty { return .converge }
        return .configure
    }

    private static func holdsCapacity(_ row: Environment) -> Bool {
        switch row.phase {
        case .queued, .closed: false
        case .failed, .deleting: row.observed.destroyedThrough < row.incarnation
        case .initialized, .booting, .configuration, .ready: true
        }
    }
}

extension Environment {
    /// When a worker of `role` can claim it, at a set time. `nil`: never, as things stand, or as soon as there is
    /// capacity (``Lifecycle/Evaluation/awaitsCapacity``).
    package func claimableAt(by role: WorkerRole) -> Timestamp? {
        // The time decides nothing but whether it is due already.
        let evaluation = Lifecycle.evaluate(self, now: createdAt)
        return evaluation.role == role ? evaluation.claimableAt : nil
    }

    /// Whether its infrastructure counts against the capacity.
    @_spi(StoreKit) public var holdsCapacity: Bool { Lifecycle.evaluate(self, now: createdAt).holdsCapacity }
}

extension Lifecycle {
    /// Everything that a worker of `role` can record of `row` together, and the step with an effect that comes after it.
    /// `nil`: there is none for this role now.
    package static func next(
        for row: Environment,
        as role: WorkerRole,
        now: Timestamp,
        policy: SchedulingPolicy
    ) -> (changes: [EnvironmentChange], step: Step?) {
        var predicted = row
        var changes: [EnvironmentChange] = []
        while true {
            let evaluation = evaluate(predicted, now: now, policy: policy)
            guard evaluation.role == role, evaluation.isDue else { return (changes, nil) }
            switch evaluation.step {
            case .record(let change):
                changes.append(change)
                predicted.apply(change, now: now)
            case .rest:
                return (changes, nil)
            case let step:
                return (changes, step)
            }
        }
    }
}

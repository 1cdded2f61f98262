/// Decides what an environment needs next.
///
/// Level-triggered and pure: it looks at the row and the time, never at how they came about. Any worker may ask at
/// any moment, after any crash, and gets the same answer.
public struct EnvironmentMachine: Sendable {
    /// The times and bounds that its decisions keep to.
    public var policy: SchedulingPolicy

    /// A machine that decides by `policy`.
    public init(policy: SchedulingPolicy) { self.policy = policy }

    /// What a worker does next.
    public enum Step: Sendable {
        /// Nothing until something changes.
        case rest
        /// Nothing before this moment.
        case wait(until: Timestamp)
        /// Write this down.
        case record(EnvironmentChange)
        /// Make the provider match the present generation.
        case converge
        /// Run the jobs of the present generation, and wait its ready delay.
        case configure
        /// Remove all incarnations through this one from the provider.
        case destroy(through: Int)
    }

    /// What is to be done next about `row`, seen at `now` by the store's clock.
    public func step(for row: Environment, now: Timestamp) -> Step {
        if row.phase == .closed { return .rest }
        if let notBefore = row.notBefore, notBefore > now { return .wait(until: notBefore) }
        if row.wanted == .absent || row.phase == .failed { return stepToTheEnd(of: row, now: now) }
        if row.phase == .queued { return expiry(of: row, now: now) }
        if row.claims > policy.maxClaims { return .record(fail(row, Verdict.workersDie(row))) }
        if row.hasVanished { return .record(fail(row, Verdict.vanished)) }
        if let endpoint = row.restarts.filter({ $0.value > policy.maxRestarts }).keys.min() {
            return .record(fail(row, Verdict.keepsDying(endpoint, policy)))
        }
        if !row.hasLiveIncarnation {
            if row.destroyedThrough < row.deadThrough { return .destroy(through: row.deadThrough) }
            return .record(.begin(incarnation: row.incarnation + 1))
        }
        if row.builtGeneration < row.generation || !row.troubled.isEmpty { return .converge }
        if row.observedGeneration < row.generation || row.mustConfigure { return .configure }
        return expiry(of: row, now: now)
    }

    /// Everything that a worker of `role` can record of `row` at once, and the step with an effect that comes after it.
    /// `nil`: there is none for this role now.
    public func next(
        for row: Environment,
        as role: WorkerRole,
        now: Timestamp
    ) -> (changes: [EnvironmentChange], step: Step?) {
        var predicted = row
        var changes: [EnvironmentChange] = []
        while predicted.responsibleRole == role {
            switch step(for: predicted, now: now) {
            case .record(let change):
                changes.append(change)
                _ = predicted.apply(change, now: now)
            case .rest, .wait:
                return (changes, nil)
            case let step:
                return (changes, step)
            }
        }
        return (changes, nil)
    }

    /// What to record about `error`. `nil` if there is nothing to record: the work is somebody else's now.
    ///
    /// Removal is never given up: what is not gone stays due, with a growing pause.
    public func change(
        after error: AntidoteError,
        for row: Environment,
        isEnding: Bool,
        jitter: Double
    ) -> EnvironmentChange? {
        if error.code == .authorityLost { return nil }
        let pause = policy.retry.pause(beforeAttempt: row.attempts + 1, jitter: jitter)
        let retry = EnvironmentChange.retry(after: pause, generation: row.generation, because: error)
        if isEnding { return retry }
        // A job fails where its machine died: the machine is mended first.
        let isPermanent = error.disposition == .permanent && row.troubled.isEmpty && !row.hasVanished
        // A provider in trouble gets over it in time; what an environment brings about itself rarely does.
        let maxAttempts = error.isTroubleOfProvider ? policy.retry.maxAttempts : policy.maxRestarts
        guard !isPermanent, row.attempts + 1 < min(maxAttempts, policy.retry.maxAttempts) else {
            return fail(row, error)
        }
        return retry
    }

    private func stepToTheEnd(of row: Environment, now: Timestamp) -> Step {
        if row.hasLiveIncarnation { return .record(.giveUp) }
        if row.destroyedThrough < row.incarnation { return .destroy(through: row.incarnation) }
        if row.wanted == .present, let failure = row.failure, now < failure.keptUntil {
            return .wait(until: failure.keptUntil)
        }
        return .record(.close)
    }

    private func fail(_ row: Environment, _ error: AntidoteError) -> EnvironmentChange {
        .fail(error, generation: row.generation, keptFor: policy.failedRetention)
    }

    private func expiry(of row: Environment, now: Timestamp) -> Step {
        guard let end = row.expiresAt else { return .rest }
        return now < end ? .wait(until: end) : .record(.expire)
    }
}

private enum Verdict {
    static func workersDie(_ row: Environment) -> AntidoteError {
        AntidoteError(
            .internalFault,
            "\(row.claims) workers in a row ended while they worked on this environment",
            advice: "Look for crashes in the log of the scheduler.",
            disposition: .permanent
        )
    }

    static var vanished: AntidoteError {
        AntidoteError(
            .environmentLost,
            "its machines vanished from the provider",
            advice: "Start it again; tell the operator if it happens often."
        )
    }

    static func keepsDying(_ endpoint: String, _ policy: SchedulingPolicy) -> AntidoteError {
        AntidoteError(
            .endpointFailed,
            "it died and was replaced \(policy.maxRestarts) times",
            advice: "Look at its log: its main process must not end.",
            place: endpoint,
            disposition: .permanent
        )
    }
}

extension AntidoteError {
    /// Whether the infrastructure was there, and a job in it did not do what it should.
    var isOfJob: Bool { [.jobFailed, .jobDeadline].contains(code) }

    /// Whether it says more about the provider or the store than about the environment.
    fileprivate var isTroubleOfProvider: Bool {
        [.backendUnavailable, .capacityExhausted, .nameConflict, .storageFull, .storeUnavailable].contains(code)
    }
}

extension SchedulingPolicy {
    /// The bound that `row` has exceeded, as the error that it fails with. `nil`: none.
    func exceeded(by row: Environment) -> AntidoteError? {
        if row.attempts.claims > maxClaims {
            return AntidoteError(
                .internalFault,
                "\(row.attempts.claims) workers in a row ended while they worked on this environment",
                recovery: "Look for crashes in the log of the scheduler.",
                disposition: .permanent
            )
        }
        if row.observed.hasVanished {
            return AntidoteError(
                .environmentLost,
                "its machines vanished from the provider",
                recovery: "Start it again; tell the operator if it happens often."
            )
        }
        if let endpoint = row.attempts.restarts.filter({ $0.value > maxRestarts }).keys.min() {
            return AntidoteError(
                .endpointFailed,
                "it died and was replaced \(maxRestarts) times",
                recovery: "Look at its log: its main process must not end.",
                subject: endpoint,
                disposition: .permanent
            )
        }
        return nil
    }

    /// What to record about a failed step of `row`. `nil`: nothing, since the row is another worker's now.
    ///
    /// Removal never fails for good: what is not removed stays due, with a growing pause.
    package func change(
        after error: AntidoteError,
        for row: Environment,
        isEnding: Bool,
        jitter: Double
    ) -> EnvironmentChange? {
        if error.code == .authorityLost { return nil }
        let pause = retry.pause(beforeAttempt: row.attempts.count + 1, jitter: jitter)
        let again = EnvironmentChange.retry(after: pause, generation: row.generation, because: error)
        if isEnding { return again }
        // A job fails where its machine died: the machine is repaired first.
        let isPermanent =
            error.disposition == .permanent && row.observed.troubled.isEmpty && !row.observed.hasVanished
        // A provider's failure passes in time; what an environment causes itself rarely does.
        let maxAttempts = error.isOfProvider ? retry.maxAttempts : maxRestarts
        guard !isPermanent, row.attempts.count + 1 < min(maxAttempts, retry.maxAttempts) else {
            return .fail(error, generation: row.generation, keptFor: failedRetention)
        }
        return again
    }
}

extension AntidoteError {
    /// Whether the infrastructure was there, and a job in it did not do what it should.
    var isOfJob: Bool { [.jobFailed, .jobDeadline].contains(code) }

    /// Whether it says more about the provider or the store than about the environment.
    fileprivate var isOfProvider: Bool {
        [.backendUnavailable, .capacityExhausted, .nameConflict, .storageFull, .storeUnavailable].contains(code)
    }
}

import AntidoteCore

/// Runs a job again and again in one container, until it is cancelled.
struct RepeatingJobRunner: Sendable {
    let engine: DockerEngine
    let job: Job
    let topology: TopologyID
    let authority: Authority
    let progress: ProgressReporter

    /// Never returns normally: it ends by cancellation or by an error.
    func run(every pause: Duration) async throws -> JobResult {
        let container = try await JobContainer(engine: engine, job: job, topology: topology, authority: authority)
        let (id, isOurs) = try await container.createOrFind()
        do {
            if isOurs { try await container.upload(to: id) }
            while true {
                let result = try await runOnce(id, container: container)
                progress.report(.jobExited(job.id, result))
                try await engine.configuration.time.sleep(pause)
            }
        } catch {
            if error is CancellationError || Task.isCancelled {
                try await Mutation.whole { try await engine.client.removeContainer(id) }
                throw CancellationError()
            }
            throw error
        }
    }

    private func runOnce(_ id: String, container: JobContainer) async throws -> JobResult {
        let client = engine.client
        let limit = AntidoteError(.jobDeadline, "a run of the job took longer than \(job.deadline)")
        return try await client.withNextExit(of: id) { exit in
            let since = try await beginning(of: try await client.container(id).state)
            // Running already: this joins the run that somebody else began.
            try await container.start(id)
            do {
                _ = try await engine.configuration.time.withDeadline(job.deadline, onTimeout: limit) {
                    try await exit.outcome()
                }
            } catch let error as AntidoteError where error.code == .jobDeadline {
                try await Mutation.whole { try await client.killContainer(id) }
            }
            let ended = try await client.container(id).state
            let tail = try await container.tail(of: id, since: since)
            let ranOut = try await client.ranOutOfMemory(id, ended)
            return JobResult(exitStatus: ended.exitCode, outputTail: tail, outOfMemory: ranOut)
        }
    }
}

extension RepeatingJobRunner {
    /// From when on the log is of the next run, by the engine's clock: now, since all that was printed before is
    /// written when an exit is told. Neither end nor start of a run would do: the engine notes the one before it has
    /// written the last lines, and the other after it has the first. Of a run that somebody else began only the end
    /// of the one before is known.
    private func beginning(of state: ContainerDetails.State) async throws -> String? {
        if state.isAlive { return EngineTime(state.finishedAt)?.query(.microseconds(1)) }
        guard state.wasStarted else { return nil }
        return try await engine.client.information().time.flatMap { EngineTime($0) }?.query(.microseconds(1))
    }
}

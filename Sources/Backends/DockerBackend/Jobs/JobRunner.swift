import AntidoteCore

/// Runs a job that is to run once, or finds out how it ended when it was run before.
///
/// The container is the record: it has the job's name, which the engine gives once, and stays until the lab goes.
struct JobRunner: Sendable {
    let engine: DockerEngine
    let job: Job
    let topology: TopologyID
    let authority: Authority
    let progress: ProgressReporter

    /// How long one who finds the job created waits for its creator to start it, before doing so itself.
    private static let creatorGrace = Duration.seconds(5)

    func run() async throws -> JobResult {
        let container = try await JobContainer(engine: engine, job: job, topology: topology, authority: authority)
        let (id, isOurs) = try await container.createOrFind()
        do {
            return try await result(of: id, mayStart: isOurs, container: container)
        } catch {
            // A job whose caller went away is stopped; what ended by itself stays as the record.
            if error is CancellationError || Task.isCancelled {
                try await Mutation.whole { try await engine.client.removeContainer(id) }
            }
            throw error
        }
    }

    /// `mayStart`: whether it is ours to start; another worker that made it is given a while to do so first.
    private func result(of id: String, mayStart: Bool, container: JobContainer) async throws -> JobResult {
        let client = engine.client
        let late = AntidoteError(.deadlineExceeded, "the job's creator has not started it")
        // The wait is opened before anything is looked at or started, so that no exit is missed.
        let result: JobResult? = try await client.withNextExit(of: id) { exit in
            var state = try await client.container(id).state
            if state.wasStarted, !state.isAlive { return try await stored(state, id: id, container: container) }
            if !state.wasStarted {
                guard mayStart else {
                    do {
                        try await wait(for: exit, within: Self.creatorGrace, orElse: late)
                    } catch let error as AntidoteError where error.code == .deadlineExceeded {
                        return nil
                    }
                    return try await finished(id, container: container)
                }
                // Once more, if somebody crashed between creating and starting it.
                try await container.upload(to: id)
                try await container.start(id)
                state = try await client.container(id).state
            }
            let used = EngineTime(state.startedAt).map { engine.configuration.time.now() - $0.timestamp } ?? .zero
            let rest = max(.milliseconds(1), job.deadline - max(.zero, used))
            do {
                try await wait(for: exit, within: rest, orElse: overdue(nil))
            } catch let error as AntidoteError where error.code == .jobDeadline {
                try await Mutation.whole { try await client.killContainer(id) }
                throw overdue(try await container.tail(of: id))
            }
            return try await finished(id, container: container)
        }
        if let result { return result }
        return try await self.result(of: id, mayStart: true, container: container)
    }

    private func wait(for exit: ExitWait, within limit: Duration, orElse error: AntidoteError) async throws {
        try await engine.configuration.time.withDeadline(limit, onTimeout: error) { _ = try await exit.outcome() }
    }

    private func finished(_ id: String, container: JobContainer) async throws -> JobResult {
        try await stored(try await engine.client.container(id).state, id: id, container: container)
    }

    private func stored(_ state: ContainerDetails.State, id: String, container: JobContainer) async throws -> JobResult
    {
        let tail = try await container.tail(of: id)
        if state.exitCode == 137, !state.outOfMemory, let start = EngineTime(state.startedAt),
            let end = EngineTime(state.finishedAt), end.timestamp - start.timestamp >= job.deadline
        {
            throw overdue(tail)
        }
        let ranOut = try await engine.client.ranOutOfMemory(id, state)
        return JobResult(exitStatus: state.exitCode, outputTail: tail, outOfMemory: ranOut)
    }

    private func overdue(_ tail: String?) -> AntidoteError {
        AntidoteError(
            .jobDeadline,
            "the job ran longer than \(job.deadline) and was stopped",
            recovery: "Look at its last output: what does it wait for?",
            subject: job.id.rawValue,
            logTail: tail
        )
    }
}

public import AntidoteCore

extension FakeBackend {
    public func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        guard provider.topology(topology) != nil else {
            throw AntidoteError(
                .endpointFailed,
                "there is no topology \(topology) to run a job in",
                place: job.id.rawValue
            )
        }
        guard let pause = job.repetition else { return try await runOnce(job, in: topology, under: authority) }
        while true {
            let result = try await execute(job, in: topology, under: authority)
            progress.report(.jobExited(job.id, result))
            try await time.sleep(pause)
        }
    }

    private func runOnce(_ job: Job, in id: TopologyID, under authority: Authority) async throws -> JobResult {
        if let stored = provider.topology(id)?.results[job.id] { return stored }
        return try await execute(job, in: id, under: authority)
    }

    private func execute(_ job: Job, in id: TopologyID, under authority: Authority) async throws -> JobResult {
        try await act(.job, "\(id.environment)/\(job.id)", under: authority) {
            try provider.update(id) { world in
                // Somebody else may have run it while we were slow.
                if job.repetition == nil, let stored = world.results[job.id] { return stored }
                let result = script.result(job)
                world.runs[job.id, default: 0] += 1
                world.results[job.id] = result
                return result
            }
        }
    }
}

public import AntidoteCore

extension FakeBackend {
    public func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        guard try provider.topology(topology) != nil else {
            throw AntidoteError(.notFound, "there is no topology \(topology) to run a job in", subject: job.id.rawValue)
        }
        guard let pause = job.repetition else { return try await runOnce(job, in: topology, under: authority) }
        while true {
            let result = try await runOnce(job, in: topology, under: authority)
            progress.report(.jobExited(job.id, result))
            try await time.sleep(pause)
        }
    }

    private func runOnce(_ job: Job, in id: TopologyID, under authority: Authority) async throws -> JobResult {
        if job.repetition == nil, let result = try provider.topology(id)?.results[job.id] { return result }
        let outcome = try await act(.job, "\(id.environment)/\(job.id)", under: authority) {
            try provider.update(id) { try $0.start(job, script) }
        }
        switch outcome {
        case .ends(let result): return result
        case .hangs(let text):
            let late = AntidoteError(
                .jobDeadline,
                "the job did not end within \(job.deadline)",
                subject: job.id.rawValue,
                logTail: text
            )
            do {
                try await time.sleep(try provider.topology(id)?.stopped.contains(job.id) == true ? .zero : job.deadline)
            } catch {
                // Cancelled: it is stopped and removed.
                _ = try? provider.update(id) { $0.hanging[job.id] = nil }
                throw error
            }
            _ = try? provider.update(id) { _ = $0.stopped.insert(job.id) }
            throw late
        }
    }
}

extension FakeTopology {
    /// Runs a job, unless it was run before or is running: then its outcome is what it was.
    fileprivate mutating func start(_ job: Job, _ script: FakeScript) throws -> FakeOutcome {
        if job.repetition == nil {
            if let result = results[job.id] { return .ends(result) }
            if let text = hanging[job.id] { return .hangs(printing: text) }
        }
        if let error = script.imageTrouble(job.image) { throw error }
        let outcome = script.run(FakeRun(job: job, topology: self))
        runs[job.id, default: 0] += 1
        switch outcome {
        case .ends(let result): results[job.id] = result
        case .hangs(let text): hanging[job.id] = text
        }
        return outcome
    }
}

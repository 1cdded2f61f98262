import ConcurrencyKit

/// The steps that have an effect at the provider, for one row as it was when the step was decided.
struct StepExecutor: Sendable {
    let row: Environment
    let dependencies: WorkerDependencies
    let planners: PlannerRegistry
    let authority: Authority
    let progress: ProgressReporter

    private var id: TopologyID { row.topologyID(instance: dependencies.instance, store: dependencies.store.id) }

    /// Returns what is to be recorded about it.
    func perform(_ step: Lifecycle.Step) async throws -> [EnvironmentChange] {
        switch step {
        case .converge: try await converge()
        case .configure: [try await configure()]
        case .destroy(let incarnation): [try await destroy(through: incarnation)]
        case .rest, .record: []
        }
    }

    private func converge() async throws -> [EnvironmentChange] {
        let backend = try dependencies.backend(row.backend)
        for endpoint in row.observed.troubled { progress.report(endpoint, .restarting(reason: "it had died")) }
        return try await measure("converge") {
            let plan = try await plan()
            try backend.check(plan.topology)
            let built = try await withDeadline { deadline in
                try await backend.converge(
                    plan.topology,
                    under: authority,
                    progress: ProgressReporter {
                        deadline.note($0)
                        progress.report($0)
                    }
                )
            }
            let change = EnvironmentChange.built(built, generation: row.generation, repaired: row.observed.troubled)
            // Where nothing is configured, one record says that it is up and that it is ready.
            return plan.configuresNothing ? [change, .configured(generation: row.generation)] : [change]
        }
    }

    private func configure() async throws -> EnvironmentChange {
        let backend = try dependencies.backend(row.backend)
        try await measure("configure") {
            let plan = try await plan()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for job in plan.jobs {
                    group.addTask { try await run(job, on: backend) }
                }
                try await group.waitForAll()
            }
            if plan.readyDelay > .zero { try await dependencies.time.sleep(plan.readyDelay) }
        }
        return .configured(generation: row.generation)
    }

    private func destroy(through incarnation: Int) async throws -> EnvironmentChange {
        var target = id
        target.incarnation = incarnation
        let backend = try dependencies.backend(row.backend)
        try await measure("destroy") {
            try await dependencies.time.within(
                dependencies.policy.provisionDeadline,
                orSay: "it was not removed",
                recovery: "See that the backend answers: removal is tried again."
            ) { [target] in
                try await backend.destroy(target, under: authority)
            }
        }
        return .destroyed(through: incarnation)
    }

    /// A job that failed is run again under an id of its own, because its result is kept under the old one. Whatever
    /// succeeded in an earlier round is found there, and is not run again.
    private func run(_ job: Job, on backend: any AntidoteBackend) async throws {
        for round in 0...row.attempts.jobFailures {
            do {
                return try await run(job, round: round, on: backend)
            } catch let error as AntidoteError where error.isOfJob && round < row.attempts.jobFailures {
                continue
            }
        }
    }

    private func run(_ planned: Job, round: Int, on backend: any AntidoteBackend) async throws {
        let job = try planned.completed(for: row, round: round)
        if let endpoint = job.endpoint { progress.report(endpoint, .configuring) }
        let result = try await dependencies.telemetry.measure(
            "job",
            dependencies.attributes(of: row).merging(job.endpoint.map { [AttributeKey.endpoint: $0] } ?? [:]) { $1 }
        ) {
            // The backend's own deadline comes first, and knows what the job printed.
            try await dependencies.time.within(
                job.deadline + .seconds(10),
                .jobDeadline,
                orSay: "the job did not end",
                recovery: "Look at what it waits for; raise jobDeadline if it only needs more time.",
                subject: planned.id.rawValue
            ) {
                do {
                    return try await backend.run(job, in: id, under: authority, progress: progress)
                } catch var error as AntidoteError where error.subject == job.id.rawValue {
                    // The author knows the job by the name without what was added to it.
                    error.subject = planned.id.rawValue
                    throw error
                }
            }
        }
        guard result.exitStatus == 0 else {
            throw AntidoteError(
                .jobFailed,
                result.outOfMemory
                    ? "it used more memory than it may" : "it ended with status \(result.exitStatus)",
                recovery: result.outputTail.isEmpty
                    ? "Mend the script; it printed nothing." : "Mend the script; its last output may say why.",
                subject: planned.id.rawValue,
                logTail: result.outputTail
            )
        }
        if let endpoint = job.endpoint { progress.report(endpoint, .configured) }
    }

    /// A span that continues the trace of the request.
    private func measure<Value>(
        _ name: String,
        operation: () async throws -> Value
    ) async throws -> Value {
        try await dependencies.telemetry.measure(
            name,
            dependencies.attributes(of: row),
            continuing: row.request.traceContext,
            operation: operation
        )
    }

    private func plan() async throws -> EnvironmentPlan {
        try await dependencies.time.within(
            dependencies.policy.planDeadline,
            orSay: "there was no plan for it",
            recovery: "See what the planner waits for; raise planDeadline if it only needs more time.",
            subject: row.source.name
        ) {
            try await planners.plan(PlanRequest(environment: row, id: id))
        }
    }

    private func withDeadline<Value: Sendable>(
        _ operation: @escaping @Sendable (BuildDeadline) async throws -> Value
    ) async throws -> Value {
        let deadline = BuildDeadline(policy: dependencies.policy, time: dependencies.time)
        return try await withThrowingTaskGroup(of: Value.self) { group in
            if !group.addTaskAtOnce({ try await operation(deadline) }) {
                group.addTask { try await deadline.enforce() }
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}

extension Job {
    /// The same job with an id that is new for each machine and each generation: so a replaced machine, or the same
    /// revision wanted again, is configured again, and a crash in between runs nothing twice. After a failure the next
    /// `round` is another job.
    func completed(for row: Environment, round: Int = 0) throws -> Job {
        var builder = DigestBuilder()
        builder.add(id.rawValue)
        builder.add(endpoint.flatMap { row.provisioned?[endpoint: $0]?.identity } ?? "")
        var job = self
        let name = "-g\(row.generation)-\(builder.finish().description.prefix(8))"
        let suffix = round == 0 ? name : "\(name)-r\(round)"
        job.id = try JobID(validating: String(id.rawValue.prefix(63 - suffix.utf8.count)) + suffix)
        return job
    }
}

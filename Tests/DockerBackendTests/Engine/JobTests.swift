import AntidoteCore
import SecretCanaries
import Testing

@testable import DockerBackend

@Suite("Jobs")
struct JobTests {
    private func job(_ id: String, _ script: String, deadline: Duration = .seconds(60)) -> Job {
        Job(
            id: JobID(unchecked: id),
            endpoint: "web",
            image: Bench.image,
            command: ["/bin/sh", "-c", script],
            limits: ResourceLimits(memoryBytes: 64 << 20),
            deadline: deadline
        )
    }

    private func withLab(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.with { bench in
            _ = try await bench.converge(bench.topology([.web("web")]))
            try await body(bench)
        }
    }

    /// How many containers of jobs there are.
    private func jobs(in bench: Bench) async throws -> Int {
        try await bench.containers().filter { $0.labels[Label.role] == Role.job.rawValue }.count
    }

    private func run(_ job: Job, in bench: Bench, progress: ProgressReporter = .none) async throws -> JobResult {
        try await bench.recorded.run(job, in: bench.id, under: .unlimited, progress: progress)
    }

    @Test("a job runs on the lab's network with its files, environment and limits, once")
    func once() async throws {
        try await withLab { bench in
            var job = job(
                "first",
                "wget -q -O - http://web/; cat /antidote/a; echo $TOKEN; cat /proc/sys/kernel/random/uuid; exit 4"
            )
            job.files = try FileSet([.init(path: "a", contents: Array("from file\n".utf8))])
            job.environment = ["TOKEN": .secret(Canary.secret("job"))]
            let result = try await run(job, in: bench)
            #expect(result.exitStatus == 4)
            #expect(result.outputTail.hasPrefix("page of web\nfrom file\n<redacted>\n"))
            // The stored result, with the same random number in it.
            #expect(try await run(job, in: bench) == result)
        }
    }

    @Test("many callers of one job share its one run")
    func joined() async throws {
        try await withLab { bench in
            let job = job("joined", "sleep 1; cat /proc/sys/kernel/random/uuid")
            let results = try await withThrowingTaskGroup(of: JobResult.self) { group in
                for _ in 0..<5 { group.addTask { try await run(job, in: bench) } }
                return try await group.reduce(into: Set<JobResult>()) { $0.insert($1) }
            }
            #expect(results.count == 1)
            #expect(results.first?.exitStatus == 0)
        }
    }

    @Test("a job that was created by a worker that crashed is run by the next")
    func orphaned() async throws {
        try await withLab { bench in
            let job = job("orphan", "echo ran")
            let container = try await JobContainer(
                engine: bench.engine,
                job: job,
                topology: bench.id,
                authority: .unlimited
            )
            _ = try await container.createOrFind()
            #expect(try await run(job, in: bench).outputTail == "ran\n")
        }
    }

    @Test("the deadline ends a job, with its last output, and is remembered")
    func deadline() async throws {
        try await withLab { bench in
            let job = job("slow", "echo waiting for godot; sleep 100", deadline: .seconds(2))
            for _ in 0..<2 {
                let error = await #expect(throws: AntidoteError.self) { try await run(job, in: bench) }
                #expect(error?.code == .jobDeadline)
                #expect(error?.subject == job.id.rawValue)
                #expect(error?.logTail == "waiting for godot\n")
            }
        }
    }

    @Test("cancelling a job stops and removes it")
    func cancelled() async throws {
        try await withLab { bench in
            let task = Task { try await run(job("endless", "sleep 1000"), in: bench) }
            try await bench.configuration.time.sleep(.seconds(1))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let roles = try await bench.containers().compactMap { $0.labels[Label.role] }
            #expect(!roles.contains("job"))
        }
    }

    @Test("of much output the end is kept, clean")
    func output() async throws {
        try await withLab { bench in
            let script = "yes 0123456789012345678901234567890 | head -n 100000; printf '\\033[31mred\\033[0m end\\n'"
            let result = try await run(job("loud", script), in: bench)
            #expect(result.outputTail.utf8.count <= JobResult.outputLimit)
            #expect(result.outputTail.utf8.count > JobResult.outputLimit / 2)
            #expect(result.outputTail.hasSuffix("7890\nred end\n"))
        }
    }

    @Test("too much memory is told")
    func memory() async throws {
        try await withLab { bench in
            var job = job("greedy", "exec tail /dev/zero")
            job.limits = ResourceLimits(memoryBytes: 16 << 20)
            let result = try await run(job, in: bench)
            #expect(result.outOfMemory)
            #expect(result.exitStatus == 137)
        }
    }

    @Test("a repeating job reports each exit from one container, until it is cancelled")
    func repeating() async throws {
        try await withLab { bench in
            var job = job("check", "cat /proc/sys/kernel/random/uuid; exit 1")
            job.repetition = .milliseconds(100)
            let repeated = job
            let (exits, sender) = AsyncStream.makeStream(of: JobResult.self)
            let progress = ProgressReporter { item in
                if case .jobExited(_, let result) = item { sender.yield(result) }
            }
            let task = Task { try await run(repeated, in: bench, progress: progress) }
            var results: [JobResult] = []
            for await result in exits {
                results.append(result)
                if results.count == 3 { break }
            }
            #expect(results.allSatisfy { $0.exitStatus == 1 })
            // Each has its own output, and only that.
            #expect(Set(results).count == 3)
            #expect(results.allSatisfy { $0.outputTail.split(separator: "\n").count == 1 })
            let during = try await jobs(in: bench)
            #expect(during == 1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let after = try await jobs(in: bench)
            #expect(after == 0)
        }
    }

    @Test("a job for a lab that is not there is an error")
    func noLab() async throws {
        try await Bench.with { bench in
            let error = await #expect(throws: AntidoteError.self) { try await run(job("x", "true"), in: bench) }
            #expect(error?.code == .notFound)
        }
    }
}

import AntidoteCore

extension ConformanceCase {
    static let jobCases: [ConformanceCase] = [
        ConformanceCase(.jobs, "result", "a job's exit status and output are its result") { world in
            let lab = try await world.lab(world.machine("box"))
            let result = try await world.run(try world.job(.end(7, saying: "so-it-ends")), in: lab.id)
            try require(result.exitStatus, is: 7, "the exit status")
            try require(world.trimmed(result.outputTail), is: "so-it-ends", "the output")
        },
        ConformanceCase(.jobs, "once", "a job runs once, and its result is returned again") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80))
            let first = try await world.run(job, in: lab.id)
            try require(try await world.run(job, in: lab.id), is: first, "the second result")
            try require(await world.ask(.hits, in: lab.id, at: "web"), is: "1", "the number of runs")
        },
        ConformanceCase(.jobs, "failed-once", "a job that failed is not run again under its id") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80, then: .end(3, saying: "failed")))
            try require(try await world.run(job, in: lab.id).exitStatus, is: 3, "the exit status")
            try require(try await world.run(job, in: lab.id).exitStatus, is: 3, "the stored exit status")
            try require(await world.ask(.hits, in: lab.id, at: "web"), is: "1", "the number of runs")
        },
        ConformanceCase(.jobs, "joined", "callers of one job at once share its one run") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80))
            let other = try await world.anotherProcess()
            let results = try await withThrowingTaskGroup(of: JobResult.self) { group in
                for number in 0..<4 {
                    group.addTask { try await world.run(job, in: lab.id, with: number % 2 == 0 ? nil : other) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            try require(results.count, is: 1, "the number of different results")
            try require(await world.ask(.hits, in: lab.id, at: "web"), is: "1", "the number of runs")
        },
        ConformanceCase(.jobs, "several", "jobs with different ids run beside each other") { world in
            let lab = try await world.lab(world.web("web"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    let job = try world.job(.say("job-\(number)"))
                    group.addTask {
                        let output = try await world.run(job, in: lab.id).outputTail
                        try require(world.trimmed(output), is: "job-\(number)", "the output")
                    }
                }
                try await group.waitForAll()
            }
        },
        ConformanceCase(.jobs, "same-id-in-two-labs", "one job id in two labs is two jobs") { world in
            let job = try world.job(.hit("web", 80))
            for _ in 0..<2 {
                let lab = try await world.lab(world.web("web"))
                let result = try await world.run(job, in: lab.id)
                try require(world.trimmed(result.outputTail), is: "1", "the count")
                try require(await world.ask(.hit("web", 80), in: lab.id), is: "2", "the count of another job")
            }
        },
        ConformanceCase(.jobs, "repeating", "a repeating job runs again and again, until it is cancelled") { world in
            let lab = try await world.lab(world.web("web"))
            var job = try world.job(.hit("web", 80, then: .end(5, saying: "round")))
            job.repetition = .milliseconds(200)
            let repeating = job
            let record = ProgressRecord()
            try await world.cancelling(
                {
                    _ = try await world.backend.run(
                        repeating,
                        in: lab.id,
                        under: .unlimited,
                        progress: record.reporter
                    )
                },
                once: {
                    let results = await record.results(3)
                    try require(results.map(\.exitStatus), is: [5, 5, 5], "the exit statuses")
                    try require(
                        results[2].outputTail.contains("round"),
                        "a round's output is “\(results[2].outputTail)”"
                    )
                }
            )
            let hits = Int(try await world.ask(.hits, in: lab.id, at: "web")) ?? 0
            try require(hits >= 3, "it really ran \(hits) times")
        },
        ConformanceCase(.jobs, "environment", "a job has its environment variables and secrets") { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.variable("PLAIN"))
            job.environment = ["PLAIN": .plain("a plain \"value\""), "TOKEN": .secret(Secret("job-secret"))]
            let result = try await world.run(job, in: lab.id)
            try require(world.trimmed(result.outputTail), is: "a plain \"value\"", "the variable")
        },
        ConformanceCase(
            .jobs,
            "secret",
            "a job's secrets reach it, and do not come back in its output",
            needs: [.machines]
        ) { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.variable("TOKEN"))
            job.environment = ["TOKEN": .secret(Secret("never-to-be-seen"))]
            let output = try await world.run(job, in: lab.id).outputTail
            try require(!output.contains("never-to-be-seen"), "the secret is in the output")
            try require(!output.contains("<unset>"), "the job did not have the secret")
        },
        ConformanceCase(.jobs, "after-rebuild", "a later incarnation runs its jobs anew") { world in
            var topology = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80))
            for incarnation in 1...2 {
                topology.id.incarnation = incarnation
                try await world.build(topology)
                let result = try await world.run(job, in: topology.id)
                try require(world.trimmed(result.outputTail), is: "1", "the count at the new machine")
                let next = try await world.ask(.hit("web", 80), in: topology.id)
                try require(next, is: "2", "the count of another job")
            }
        },
    ]

    static let jobTroubleCases: [ConformanceCase] = [
        ConformanceCase(.jobs, "hanging", "a job that takes too long is stopped, with what it said") { world in
            let lab = try await world.lab(world.machine("box"))
            let job = try world.job(.hang, deadline: .seconds(2))
            let error = try await requireError(.jobDeadline, from: "a job that hangs") {
                try await world.run(job, in: lab.id)
            }
            try require(
                error.logTail?.contains("waiting for ever") == true,
                "the log tail is \(error.logTail ?? "missing")"
            )
        },
        ConformanceCase(
            .jobs,
            "flood",
            "of very much output the end is kept, and no more than the limit",
            needs: [.machines]
        ) { world in
            let lab = try await world.lab(world.machine("box"))
            let output = try await world.run(try world.job(.flood(3 << 20)), in: lab.id).outputTail
            try require(output.utf8.count <= JobResult.outputLimit, "the output has \(output.utf8.count) bytes")
            try require(output.utf8.count > 1000, "the output has only \(output.utf8.count) bytes")
            try require(world.trimmed(output).hasSuffix("the last line"), "the end is missing")
        },
        ConformanceCase(.jobs, "hostile-output", "control sequences do not come through", needs: [.machines]) { world in
            let lab = try await world.lab(world.machine("box"))
            let output = try await world.run(try world.job(.noise), in: lab.id).outputTail
            try require(output.contains("red") && output.contains("plain"), "the words are missing in “\(output)”")
            let controls = output.unicodeScalars.filter {
                $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0x7F
            }
            try require(controls.isEmpty, "there are control characters in it")
            try require(!output.contains("title"), "the window's title came through")
        },
        ConformanceCase(.jobs, "memory", "a job that uses too much memory fails, and says so", needs: [.machines]) {
            world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.swallow(200 << 20))
            job.limits = ResourceLimits(memoryBytes: 32 << 20)
            let result = try await world.run(job, in: lab.id)
            try require(result.exitStatus != 0, "it succeeded")
            try require(result.outOfMemory, "the result does not say that memory was the reason")
        },
        ConformanceCase(.jobs, "no-lab", "a job for a lab that does not exist is an error") { world in
            try await requireError(.notFound, from: "a job in no lab") {
                try await world.run(try world.job(.say("hello")), in: world.newID())
            }
        },
        ConformanceCase(.jobs, "no-command", "a job whose command does not exist is an error, or a failure") { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.say("hello"))
            job.command = ["/no/such/program"]
            let status: Int
            do {
                status = try await world.run(job, in: lab.id).exitStatus
            } catch let error as AntidoteError {
                try require(error.disposition, is: .permanent, "the error's disposition")
                status = 127
            }
            try require(status != 0, "it succeeded")
        },
        ConformanceCase(.jobs, "deadline-once", "a job that was stopped for its deadline is not run again") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80, then: .hang), deadline: .seconds(3))
            for _ in 0..<2 {
                try await requireError(.jobDeadline, from: "a job that hangs") { try await world.run(job, in: lab.id) }
            }
            try require(await world.ask(.hits, in: lab.id, at: "web"), is: "1", "the number of runs")
        },
    ]
}

import AntidoteCore

extension ConformanceCase {
    static let cancelCases: [ConformanceCase] = [
        ConformanceCase(.cancel, "midway", "a converge that is cancelled midway can be repeated") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            try await cancelled(at: .starting, topology, in: world)
            try await world.build(topology)
            try require(await world.ask(.name, in: topology.id, at: "web"), is: "web", "the machine that answers")
        },
        ConformanceCase(.cancel, "then-delete", "a converge that is cancelled midway can be removed") { world in
            // One machine never gets ready, so that this is never the end.
            let mute = try world.machine("mute", .silent(81), ports: [Topology.Port(81, probe: .http(path: "/"))])
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), mute])
            let backend = try await world.backend { $0.endpointDeadline = .seconds(3600) }
            try await cancelled(at: .running, topology, in: world, with: backend)
            try await world.destroy(topology.id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.cancel, "while-waiting", "a converge that waits for a probe ends when it is cancelled") {
            world in
            // Its port never answers, and its deadline is longer than the case's patience.
            let machine = try world.machine("mute", .silent(81), ports: [Topology.Port(81, probe: .http(path: "/"))])
            let topology = Topology(id: world.newID(), endpoints: [machine])
            let backend = try await world.backend { $0.endpointDeadline = .seconds(3600) }
            try await cancelled(at: .running, topology, in: world, with: backend)
        },
        ConformanceCase(.cancel, "job", "a job that is cancelled is stopped") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.beat("web", 80))
            try await world.cancelling(
                { _ = try await world.run(job, in: lab.id) },
                once: {
                    try await world.wait(for: "the job to run") {
                        try await world.ask(.hits, in: lab.id, at: "web") != "0"
                    }
                }
            )
            // A job that goes on would count between any two looks sooner or later; one that is stopped never does.
            let first = try await world.ask(.hits, in: lab.id, at: "web")
            for _ in 0..<3 {
                let next = try await world.ask(.hits, in: lab.id, at: "web")
                try require(next, is: first, "the count of the job that was cancelled")
            }
        },
        ConformanceCase(.cancel, "delete", "a removal that is cancelled can be repeated") { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await world.destroy(lab.id) }
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            try await world.destroy(lab.id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.cancel, "before", "a call that is cancelled before it begins makes nothing") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("box")])
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask { _ = try? await world.build(topology) }
            }
            try require(try await world.backend.inventory().isEmpty, "something was made")
        },
    ]

    /// Converges until the first report of this stage, and cancels: it must end with a cancellation.
    private static func cancelled(
        at stage: EndpointProgress,
        _ topology: Topology,
        in world: ConformanceWorld,
        with backend: (any AntidoteBackend)? = nil
    ) async throws {
        let record = ProgressRecord()
        let backend = backend ?? world.backend
        try await world.cancelling(
            { _ = try await backend.converge(topology, under: .unlimited, progress: record.reporter) },
            once: {
                _ = await record.first { if case .endpoint(_, stage) = $0 { true } else { false } }
            }
        )
    }
}

extension ConformanceWorld {
    /// Runs `operation`, cancels it once the other closure returns, and demands that it ends with a cancellation, or
    /// had ended already.
    func cancelling(
        _ operation: @escaping @Sendable () async throws -> Void,
        once: @escaping @Sendable () async throws -> Void
    ) async throws {
        let patience = AntidoteError(.deadlineExceeded, "what was cancelled did not end")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [time] in
                try await withThrowingTaskGroup(of: Void.self) { inner in
                    inner.addTask { try await operation() }
                    try await once()
                    inner.cancelAll()
                    let began = time.uptime()
                    do {
                        try await inner.waitForAll()
                    } catch is CancellationError {}
                    if time.uptime() - began > .seconds(15) { throw patience }
                }
            }
            try await group.waitForAll()
        }
    }
}

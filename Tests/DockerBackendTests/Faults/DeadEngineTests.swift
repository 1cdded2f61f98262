import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// A real engine that dies, ends and comes back, while it is at work for a lab.
    @Suite("The engine itself ends")
    struct DeadEngineTests {
        enum End: Sendable { case killed, stopped }

        private static let moments: [(EnginePhase, End)] = [
            (.networkCreate, .killed), (.endpointCreate, .killed), (.upload, .stopped), (.start, .killed),
            (.execStart, .stopped),
        ]

        @Test("in the middle of any phase: the error is named, and the lab is whole when the engine is back")
        func eachPhase() async throws {
            try await OwnEngine.with { engine in
                try await FaultBench.with(engine: engine.socket) { bench in
                    let topology = bench.direct.topology([.web("web")])
                    for (phase, end) in Self.moments {
                        let comment: Comment = "\(end) at \(phase)"
                        let error = try await failure(at: phase, end, of: engine, in: bench) {
                            try await bench.converge(topology)
                        }
                        #expect(error?.code == .backendUnavailable, "\(comment): \(error?.debugDescription ?? "")")
                        #expect(error?.disposition == .retry, comment)
                        let down = await #expect(throws: AntidoteError.self, comment) {
                            try await bench.direct.converge(topology)
                        }
                        #expect(down?.code == .backendUnavailable, comment)
                        #expect(down?.recovery?.contains("Docker") == true, comment)
                        try await engine.start()
                        do { try await bench.converge(topology) } catch { Issue.record(error, comment) }
                        try await expectWhole(bench, comment)
                        if phase != Self.moments.last?.0 { try await bench.destroy() }
                    }
                    try await job(engine, bench)
                    try await removal(engine, bench)
                    try await readyLab(engine, bench)
                    try await bench.expectNothingLeft()
                }
            }
        }

        /// A job that the engine's end took with it: it is over, and is known to be.
        private func job(_ engine: OwnEngine, _ bench: FaultBench) async throws {
            let job = Job(
                id: JobID(unchecked: "long"),
                image: Bench.image,
                command: ["sh", "-c", "echo began; exec sleep 1000"]
            )
            let error = try await failure(at: .wait, .killed, of: engine, in: bench) { _ = try await bench.run(job) }
            #expect(error?.code == .backendUnavailable)
            try await engine.start()
            try await bench.converge(bench.direct.topology([.web("web")]))
            try await expectWhole(bench, "after the job")
        }

        private func removal(_ engine: OwnEngine, _ bench: FaultBench) async throws {
            let error = try await failure(at: .containerRemove, .killed, of: engine, in: bench) {
                try await bench.destroy()
            }
            #expect(error?.code == .backendUnavailable)
            try await engine.start()
            try await bench.destroy()
            try await bench.expectNothingLeft()
        }

        /// A lab that was ready is so again, without anybody asking.
        private func readyLab(_ engine: OwnEngine, _ bench: FaultBench) async throws {
            let store = InMemoryStateStore(time: .system, random: .system)
            var configuration = bench.direct.configuration
            configuration.store = store.id
            let instance = EmbeddedInstance(
                id: configuration.instance,
                backend: try DockerBackend(configuration: configuration),
                planners: [
                    "test": FunctionPlanner { request in
                        EnvironmentPlan(topology: Topology(id: request.id, endpoints: [.web("web")]), jobs: [])
                    }
                ],
                policy: SchedulingPolicy(
                    sweepInterval: .milliseconds(200),
                    retry: RetryPolicy(firstPause: .milliseconds(100), maxPause: .seconds(1), maxAttempts: 100)
                ),
                store: store
            )
            try await instance.withRunning { running in
                try await running.withEnvironment(of: EnvironmentSource(kind: "test", name: "web")) { ready in
                    let lab = try #require(ready.provisioned)
                    try engine.kill()
                    try await engine.start()
                    var row: Environment? = ready
                    while row?.phase != .ready || row?.provisioned?[endpoint: "web"] == lab[endpoint: "web"] {
                        if let failure = row?.failure { throw failure.error }
                        try await bench.configuration.time.sleep(.milliseconds(50))
                        row = try await store.environment(ready.id)
                    }
                    let page = try await bench.direct.shell("wget -q -O - http://web/", in: "web", of: lab.id).output
                    #expect(page == "page of web")
                    #expect(row?.incarnation == ready.incarnation)
                }
            }
        }

        /// How `act` fails when the engine ends while it is at the first call of `phase`.
        private func failure(
            at phase: EnginePhase,
            _ end: End,
            of engine: OwnEngine,
            in bench: FaultBench,
            _ act: @escaping @Sendable () async throws -> some Sendable
        ) async throws -> AntidoteError? {
            let turnstile = bench.proxy.stop(at: phase, whileServing: true)
            async let attempt = result(opening: turnstile, act)
            await turnstile.arrival()
            switch end {
            case .killed: try engine.kill()
            case .stopped: try await engine.stop()
            }
            turnstile.release()
            let outcome = await attempt
            return #expect(throws: AntidoteError.self, "\(end) at \(phase)") { try outcome.get() }
        }

        /// Asked from inside: its ports are published in another network namespace.
        private func expectWhole(_ bench: FaultBench, _ comment: Comment) async throws {
            let page = try await bench.direct.shell("wget -q -O - http://web/", in: "web").output
            #expect(page == "page of web", comment)
            let entries = try await bench.direct.backend.inventory().map(\.state)
            #expect(entries == [.running], comment)
        }
    }
}

import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// The core heals by itself what the backend only names.
    @Suite("An engine that fails under the core")
    struct CoreFaultTests {
        private static let phases: [EnginePhase] = [
            .events, .networkCreate, .gateCreate, .endpointCreate, .upload, .start, .execStart, .jobCreate, .wait,
            .logs,
            .containerRemove, .networkRemove,
        ]

        @Test(
            "an environment becomes ready although each of its calls fails once, and goes",
            arguments: [EngineFault.slow, .troubled, .cut, .lost, .torn]
        )
        func everyCallOnce(_ fault: EngineFault) async throws {
            try await withInstance { bench, instance in
                for phase in Self.phases where fault.applies(to: phase) { bench.proxy.spoil(phase, with: fault) }
                try await expectOneRun(in: instance, at: bench)
                #expect(bench.proxy.takeUnmet() == [], "\(fault)")
            }
        }

        @Test("an engine that is away for a while is waited for", arguments: [EnginePhase.gateCreate, .upload, .wait])
        func awayForAWhile(_ phase: EnginePhase) async throws {
            try await withInstance { bench, instance in
                let turnstile = bench.proxy.stop(at: phase)
                async let comesBack: Void = {
                    await turnstile.arrival()
                    bench.proxy.goDown()
                    turnstile.release()
                    // Long enough to be asked in vain.
                    try await bench.configuration.time.sleep(.milliseconds(400))
                    try bench.proxy.comeBack()
                }()
                try await expectOneRun(in: instance, at: bench)
                try await comesBack
            }
        }

        @Test("what listens there and is no engine is named", arguments: [EngineFault.garbage, .nonsense])
        func noEngine(_ fault: EngineFault) async throws {
            try await withInstance { bench, instance in
                bench.proxy.spoil(.networkCreate, with: fault)
                let error = await #expect(throws: AntidoteError.self) {
                    try await expectOneRun(in: instance, at: bench)
                }
                #expect(error?.code == .backendRefused)
                #expect(error?.recovery?.contains("address") == true)
            }
        }

        private func withInstance(
            _ body: (FaultBench, EmbeddedInstance) async throws -> Void
        ) async throws {
            try await FaultBench.with { bench in
                let store = InMemoryStateStore(time: .system, random: .system)
                var configuration = bench.configuration
                configuration.store = store.id
                let planner = FunctionPlanner { request in
                    let script = "wget -q -O - http://web/ && wget -q -O /dev/null http://web/cgi-bin/run"
                    let job = Job(id: JobID(unchecked: "fetch"), image: Bench.image, command: ["sh", "-c", script])
                    return EnvironmentPlan(
                        topology: Topology(id: request.id, endpoints: [.counting("web")]),
                        jobs: [job]
                    )
                }
                let instance = EmbeddedInstance(
                    id: configuration.instance,
                    backend: try DockerBackend(configuration: configuration),
                    planners: ["test": planner],
                    policy: SchedulingPolicy(
                        sweepInterval: .milliseconds(200),
                        retry: RetryPolicy(
                            firstPause: .milliseconds(100),
                            maxPause: .milliseconds(300),
                            maxAttempts: 30
                        )
                    ),
                    store: store
                )
                try await body(bench, instance)
                let left = try await bench.things()
                #expect(left == (0, 0))
            }
        }

        /// Lends an environment: its machine answers, and was configured once.
        private func expectOneRun(in instance: EmbeddedInstance, at bench: FaultBench) async throws {
            try await instance.withRunning { running in
                try await running.withEnvironment(of: EnvironmentSource(kind: "test", name: "web")) { ready in
                    let lab = try #require(ready.provisioned)
                    let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                    #expect(try await fetch(address) == "page of web\n")
                    let runs = try await bench.direct.shell("cat /runs", in: "web", of: lab.id).output
                    #expect(runs == "run")
                }
            }
        }
    }
}

extension Endpoint {
    /// A web server that also writes down each request for `/cgi-bin/run`.
    fileprivate static func counting(_ name: String) -> Endpoint {
        var web = Endpoint.web(name)
        web.arguments = [
            """
            mkdir -p /www/cgi-bin && echo page of \(name) >/www/index.html
            printf '#!/bin/sh\\necho run >>/runs\\nprintf "Content-Type: text/plain\\r\\n\\r\\nok"\\n' >/www/cgi-bin/run
            chmod +x /www/cgi-bin/run && exec httpd -f -p 80 -h /www
            """
        ]
        return web
    }
}

import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// What somebody takes away while the backend is at it, between two of its calls.
    @Suite("Things that go while a lab is made")
    struct MeanwhileTests {
        @Test(
            "the lab's network, before each call that needs it",
            arguments: [
                EnginePhase.gateCreate, .endpointCreate, .connect, .upload, .start,
            ]
        )
        func network(_ phase: EnginePhase) async throws {
            // One that started without any network is only known by its silence.
            func shorten(_ configuration: inout DockerConfiguration) { configuration.endpointDeadline = .seconds(15) }
            try await FaultBench.with(shorten) { bench in
                let topology = bench.direct.topology([.web("web")])
                let error = try await failure(of: topology, in: bench, at: phase) {
                    let networks = try await bench.direct.networks().filter { $0.labels[Label.network] == "lab" }
                    for network in networks {
                        try await takeAway(network.id, in: bench)
                    }
                }
                if let error {
                    let isSilent = error.code == .endpointNotReady && error.disposition == .rebuild
                    #expect(error.disposition == .retry || isSilent, "\(error.debugDescription)")
                    #expect(error.recovery != nil)
                }
                try await expectHealed(topology, in: bench)
            }
        }

        @Test(
            "an endpoint's container, before each call about it",
            arguments: [EnginePhase.upload, .start, .execStart]
        )
        func container(_ phase: EnginePhase) async throws {
            try await FaultBench.with { bench in
                let topology = bench.direct.topology([.web("web")])
                // Of two starts the gate's may be the first: both are awaited.
                let error = try await failure(of: topology, in: bench, at: phase) {
                    try await docker("rm", "--force", Names(bench.id).endpoint("web"))
                }
                if let error {
                    #expect(error.disposition == .retry, "\(error.debugDescription)")
                    #expect(error.recovery != nil)
                } else {
                    #expect(phase == .start)
                }
                try await expectHealed(topology, in: bench)
            }
        }

        @Test("the gate, while ports are asked for")
        func gate() async throws {
            try await FaultBench.with { bench in
                let topology = bench.direct.topology([.web("web")])
                let found = try await failure(of: topology, in: bench, at: .execStart) {
                    try await docker("rm", "--force", Names(bench.id).gate)
                }
                let error = try #require(found)
                #expect(error.disposition == .retry, "\(error.debugDescription)")
                try await expectHealed(topology, in: bench)
            }
        }

        @Test("the image, before the machine is made from it")
        func imageOfEndpoint() async throws {
            try await withImage { reference, bench in
                var box = Endpoint.idle("box")
                box.image = ImageReference(reference, pullPolicy: .never)
                let topology = bench.direct.topology([box])
                let found = try await failure(of: topology, in: bench, at: .endpointCreate) {
                    try await docker("rmi", reference)
                }
                let error = try #require(found)
                #expect(error.code == .imageMissing, "\(error.debugDescription)")
                #expect(error.disposition == .retry)
                #expect(error.subject == reference)
                // It stays away.
                let again = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
                #expect(again?.code == .imageMissing)
                #expect(again?.disposition == .permanent)
                try await docker("tag", Bench.image.reference, reference)
                try await bench.converge(topology)
            }
        }

        @Test("the image, before a job")
        func imageOfJob() async throws {
            try await withImage { reference, bench in
                try await bench.converge(bench.direct.topology([.idle("box")]))
                let image = ImageReference(reference, pullPolicy: .never)
                let job = Job(id: JobID(unchecked: "once"), image: image, command: ["echo", "ran"])
                let turnstile = bench.proxy.stop(at: .jobCreate)
                async let attempt = result(opening: turnstile) { try await bench.run(job) }
                await turnstile.arrival()
                try await docker("rmi", reference)
                turnstile.release()
                let outcome = await attempt
                let meanwhile = #expect(throws: AntidoteError.self) { try outcome.get() }
                #expect(meanwhile?.code == .imageMissing)
                #expect(meanwhile?.disposition == .retry)
                let before = await #expect(throws: AntidoteError.self) { try await bench.run(job) }
                #expect(before?.code == .imageMissing)
                #expect(before?.disposition == .permanent)
                try await docker("tag", Bench.image.reference, reference)
                let answer = try await bench.run(job)
                #expect(answer.outputTail == "ran\n")
            }
        }

        @Test("the lab, while a job runs in it")
        func labOfJob() async throws {
            try await FaultBench.with { bench in
                try await bench.converge(bench.direct.topology([.idle("box")]))
                let job = Job(id: JobID(unchecked: "long"), image: Bench.image, command: ["sleep", "1000"])
                let turnstile = bench.proxy.stop(at: .start)
                async let attempt = result(opening: turnstile) { try await bench.run(job) }
                await turnstile.arrival()
                turnstile.release()
                while try await bench.direct.containers().allSatisfy({
                    $0.labels[Label.job] == nil || $0.state != .running
                }) {
                    await Task.yield()
                }
                try await bench.direct.destroy()
                let outcome = await attempt
                let error = #expect(throws: AntidoteError.self) { try outcome.get() }
                #expect(error?.code == .notFound, "\(error?.debugDescription ?? "")")
                #expect(error?.recovery != nil)
                try await bench.expectNothingLeft()
            }
        }

        /// The rest of `converge` goes on meanwhile: what it connects after the others were cut off is cut off as well.
        private func takeAway(_ network: String, in bench: FaultBench) async throws {
            while true {
                for container in try await bench.direct.containers() {
                    _ = try? await docker("network", "disconnect", "--force", network, container.id)
                }
                do {
                    try await docker("network", "rm", network)
                    return
                } catch  where "\(error)".contains("has active endpoints") {
                    try Task.checkCancellation()
                }
            }
        }

        /// How `converge` fails when `act` is done just before the call of `phase`. `nil`: it does not.
        private func failure(
            of topology: Topology,
            in bench: FaultBench,
            at phase: EnginePhase,
            _ act: () async throws -> Void
        ) async throws -> AntidoteError? {
            let turnstile = bench.proxy.stop(at: phase)
            async let attempt = result(opening: turnstile) { try await bench.converge(topology) }
            await turnstile.arrival()
            do { try await act() } catch { Issue.record(error) }
            turnstile.release()
            switch await attempt {
            case .success: return nil
            case .failure(let error): return try #require(error as? AntidoteError)
            }
        }

        private func expectHealed(_ topology: Topology, in bench: FaultBench) async throws {
            let lab = try await bench.converge(topology)
            let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
            #expect(try await fetch(address) == "page of web\n")
            let things = try await bench.things()
            #expect(things == (2, 2))
            try await bench.destroy()
            try await bench.expectNothingLeft()
        }

        /// The tests' image under a name that may be taken away.
        private func withImage(_ body: (String, FaultBench) async throws -> Void) async throws {
            let reference = "antidote-tests/\(RandomSource.system.base32(length: 9)):1"
            try await docker("tag", Bench.image.reference, reference)
            do {
                try await FaultBench.with { try await body(reference, $0) }
            } catch { Issue.record(error) }
            _ = try? await docker("rmi", reference)
        }
    }
}

@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import FakeBackend
import Synchronization
import Testing

@Suite("The fake backend", .timeLimit(.minutes(1)))
struct FakeBackendTests {
    let clock = ManualClock()
    let instance = InstanceID(unchecked: "test")

    private func topology(_ incarnation: Int = 1, _ environment: String = "aaaaaaaaaaaaaaaa") -> Topology {
        Topology(
            id: TopologyID(
                instance: instance,
                store: StoreID(unchecked: "bbbbbbbbbbbbbbbb"),
                environment: EnvironmentID(unchecked: environment),
                incarnation: incarnation
            ),
            endpoints: ["web", "client", "db"].map { Endpoint(name: $0, image: ImageReference($0)) }
        )
    }

    private func backend(_ script: FakeScript = .instant, _ provider: FakeProvider? = nil) -> FakeBackend {
        FakeBackend(instance: instance, provider: provider, script: script, time: clock.timeSource)
    }

    private var job: Job {
        Job(id: JobID(unchecked: "j"), image: ImageReference("x"), command: ["true"])
    }

    @Test func convergingAgainChangesNothing() async throws {
        let backend = backend()
        let first = try await backend.converge(topology(), under: .unlimited, progress: .none)
        let second = try await backend.converge(topology(), under: .unlimited, progress: .none)
        #expect(first == second)
    }

    @Test func onlyWhatDiedOrChangedIsReplaced() async throws {
        let backend = backend()
        let first = try await backend.converge(topology(), under: .unlimited, progress: .none)
        backend.provider.kill("web", in: first.id)
        var wanted = topology()
        wanted.endpoints[1].image.reference = "other"
        let second = try await backend.converge(wanted, under: .unlimited, progress: .none)
        #expect(first[endpoint: "web"] != second[endpoint: "web"])
        #expect(first[endpoint: "client"] != second[endpoint: "client"])
        #expect(first[endpoint: "db"] == second[endpoint: "db"])
    }

    @Test func anEndpointIsStartedAfterWhatItDependsOn() async throws {
        var wanted = topology()
        wanted.endpoints[0].dependsOn = [
            Dependency(endpoint: "client", condition: .ready), Dependency(endpoint: "db", condition: .started),
        ]
        wanted.endpoints[1].dependsOn = [Dependency(endpoint: "db", condition: .completed)]
        let reported = Mutex<[String]>([])
        let progress = ProgressReporter { progress in
            guard case .endpoint(let name, let state) = progress, [.starting, .reachable].contains(state) else {
                return
            }
            reported.withLock { $0.append("\(name) \(state)") }
        }
        let built = try await backend().converge(wanted, under: .unlimited, progress: progress)
        #expect(built.endpoints.map(\.name) == ["web", "client", "db"])
        #expect(
            reported.withLock(\.self) == ["db", "client", "web"].flatMap { ["\($0) starting", "\($0) reachable"] }
        )
    }

    @Test func aCircleIsRefused() async throws {
        var wanted = topology()
        wanted.endpoints[0].dependsOn = [Dependency(endpoint: "client", condition: .ready)]
        wanted.endpoints[1].dependsOn = [Dependency(endpoint: "web", condition: .ready)]
        let error = await #expect(throws: AntidoteError.self) {
            try await backend().converge(wanted, under: .unlimited, progress: .none)
        }
        #expect(error?.code == .invalidTopology)
    }

    /// Nothing depends on which concurrent call comes first.
    @Test func theSameWorldMakesTheSameMachines() async throws {
        var seen: Set<ProvisionedTopology> = []
        for _ in 0..<20 {
            seen.insert(try await backend().converge(topology(), under: .unlimited, progress: .none))
        }
        #expect(seen.count == 1)
    }

    @Test func aJobOfOneNameRunsOnce() async throws {
        let backend = backend()
        let built = try await backend.converge(topology(), under: .unlimited, progress: .none)
        let job = job
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask { _ = try await backend.run(job, in: built.id, under: .unlimited, progress: .none) }
            }
            try await group.waitForAll()
        }
        #expect(backend.provider.topologies[built.id]?.runs == [job.id: 1])
    }

    @Test func destroyTakesOlderIncarnationsAndNeverLaterOnes() async throws {
        let backend = backend()
        for incarnation in 1...3 {
            _ = try await backend.converge(topology(incarnation), under: .unlimited, progress: .none)
        }
        _ = try await backend.converge(topology(1, "cccccccccccccccc"), under: .unlimited, progress: .none)
        try await backend.destroy(topology(2).id, under: .unlimited)
        try await backend.destroy(topology(2).id, under: .unlimited)
        #expect(Set(backend.provider.topologies.keys) == [topology(3).id, topology(1, "cccccccccccccccc").id])
    }

    @Test func whatWasDestroyedDoesNotComeBackByALateCall() async throws {
        let provider = FakeProvider(time: clock.timeSource)
        let latencies: [FakeOperation: ClosedRange<Duration>] = [.job: .seconds(1)...(.seconds(1))]
        let backend = backend(FakeScript(latencies: latencies), provider)
        let built = try await backend.converge(topology(), under: .unlimited, progress: .none)
        let job = job
        let run = Task { try await backend.run(job, in: built.id, under: .unlimited, progress: .none) }
        await clock.waitForSleepers()
        try await backend.destroy(built.id, under: .unlimited)
        clock.advance(by: .seconds(1))
        await #expect(throws: AntidoteError.self) { try await run.value }
        #expect(provider.topologies.isEmpty)
    }

    @Test func capacityIsNeverExceeded() async throws {
        let backend = backend(FakeScript(capacity: 1))
        _ = try await backend.converge(topology(1), under: .unlimited, progress: .none)
        let other = topology(1, "cccccccccccccccc")
        let error = await #expect(throws: AntidoteError.self) {
            try await backend.converge(other, under: .unlimited, progress: .none)
        }
        #expect(error?.code == .capacityExhausted)
        _ = try await backend.converge(topology(1), under: .unlimited, progress: .none)
    }

    @Test func nothingIsChangedWithoutAuthority() async throws {
        let backend = backend()
        let lost = Authority(fence: Fence(1)) { throw AntidoteError(.authorityLost, "x") }
        let error = await #expect(throws: AntidoteError.self) {
            try await backend.converge(topology(), under: lost, progress: .none)
        }
        #expect(error?.code == .authorityLost)
        #expect(backend.provider.topologies.isEmpty)
    }

    @Test func anInventoryTellsOfStateAgeAndInstance() async throws {
        let backend = backend()
        let built = try await backend.converge(topology(), under: .unlimited, progress: .none)
        clock.advance(by: .seconds(7))
        backend.provider.kill("db", in: built.id)
        let entry = try #require(try await backend.inventory().first)
        #expect(entry.id == built.id && entry.age == .seconds(7) && entry.deadEndpoints == ["db"])
        #expect(entry.state == .partial)
        #expect(try entry.digest == topology().digest())
        let stranger = FakeBackend(
            instance: InstanceID(unchecked: "other"),
            provider: backend.provider,
            time: clock.timeSource
        )
        #expect(try await stranger.inventory().isEmpty)
        #expect(try await stranger.inventoryOfAllInstances().isEmpty, "it carries no owner")
    }

    @Test func observersHearOfDeathsAndLoseTheirStreamAtARestart() async throws {
        let backend = backend()
        let built = try await backend.converge(topology(), under: .unlimited, progress: .none)
        await #expect(throws: AntidoteError.self) {
            try await backend.withChanges { changes in
                backend.provider.kill("web", in: built.id)
                backend.provider.restart()
                var seen: [String] = []
                for try await change in changes {
                    seen.append(change.endpoint)
                    #expect(seen == ["web"])
                }
            }
        }
    }
}

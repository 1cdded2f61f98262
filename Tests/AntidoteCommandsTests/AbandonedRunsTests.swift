import AntidoteCore
import FakeBackend
import Testing

@testable import AntidoteRuntime

@Suite("Labs of runs that are over")
struct AbandonedRunsTests {
    let provider = FakeProvider(time: .system)
    let store = StoreID(unchecked: "aaaaaaaaaaaaaaaa")

    private func make(_ environment: Character, instance: String, owner: String?) async throws -> TopologyID {
        let id = TopologyID(
            instance: InstanceID(unchecked: instance),
            store: store,
            environment: EnvironmentID(unchecked: String(repeating: environment, count: 16)),
            incarnation: 1
        )
        let backend = FakeBackend(instance: id.instance, provider: provider, owner: owner, time: .system)
        let topology = Topology(id: id, endpoints: [Endpoint(name: "web", image: ImageReference("web"))])
        _ = try await backend.converge(topology, under: .unlimited, progress: .none)
        return id
    }

    private var ended: ProcessIdentity {
        var identity = ProcessIdentity.current
        identity.start += "0"
        return identity
    }

    @Test func areRemovedAndNothingElseIs() async throws {
        var elsewhere = ended
        elsewhere.host = "another-host"
        let dead = try await make("b", instance: "run1", owner: ended.description)
        let alsoDead = try await make("c", instance: "run2", owner: ended.description)
        let kept = [
            try await make("d", instance: "run3", owner: ProcessIdentity.current.description),
            try await make("e", instance: "run4", owner: elsewhere.description),
            try await make("f", instance: "service", owner: "service/1"),
            try await make("g", instance: "nobody", owner: nil),
        ]
        let provider = provider
        let runs = AbandonedRuns { instance, _ in FakeBackend(instance: instance, provider: provider, time: .system) }
        let lister = FakeBackend(instance: InstanceID(unchecked: "lister"), provider: provider, time: .system)
        #expect(try await runs.remove(listedBy: lister) == [dead, alsoDead])
        #expect(Set(provider.topologies.keys) == Set(kept))
        #expect(try await runs.remove(listedBy: lister) == [])
    }

    @Test func areRemovedByABackendOfTheirOwnInstanceAndStore() async throws {
        let dead = try await make("b", instance: "run1", owner: ended.description)
        let provider = provider
        let runs = AbandonedRuns { instance, store in
            #expect(instance == dead.instance)
            #expect(store == dead.store)
            return FakeBackend(instance: instance, provider: provider, time: .system)
        }
        let lister = FakeBackend(instance: InstanceID(unchecked: "lister"), provider: provider, time: .system)
        #expect(try await runs.remove(listedBy: lister) == [dead])
    }

    @Test func aRemovalThatFailsIsTold() async throws {
        _ = try await make("b", instance: "run1", owner: ended.description)
        let provider = provider
        let fault = FakeFault(.destroy, error: AntidoteError(.backendUnavailable, "the engine is gone"))
        let runs = AbandonedRuns { instance, _ in
            FakeBackend(instance: instance, provider: provider, script: FakeScript(faults: [fault]), time: .system)
        }
        let lister = FakeBackend(instance: InstanceID(unchecked: "lister"), provider: provider, time: .system)
        let error = await #expect(throws: AntidoteError.self) { try await runs.remove(listedBy: lister) }
        #expect(error?.code == .backendUnavailable)
    }
}

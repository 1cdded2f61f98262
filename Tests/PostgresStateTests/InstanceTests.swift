import AntidoteCore
import FakeBackend
import PostgresState
import Testing

/// The core's own workers on this store.
@Suite struct InstanceTests {
    static let id = InstanceID(unchecked: "test")

    static let planners: [String: any EnvironmentPlanner] = ["test": planner, "lesson": planner]

    private static let planner = FunctionPlanner { request in
        EnvironmentPlan(
            topology: Topology(
                id: request.id,
                revision: request.environment.revision,
                endpoints: [
                    Endpoint(name: "web", image: ImageReference("web"), ports: [Topology.Port(80, exposure: .owner)])
                ]
            ),
            jobs: [
                Job(
                    id: JobID(unchecked: "configure"),
                    endpoint: "web",
                    image: ImageReference("configurator"),
                    command: ["true"]
                )
            ]
        )
    }

    /// With a bus of its own, as if the real one were dead.
    private func instance(_ provider: FakeProvider, _ store: PostgresStateStore) -> EmbeddedInstance {
        EmbeddedInstance(
            id: Self.id,
            backend: FakeBackend(instance: Self.id, provider: provider, time: .system),
            planners: Self.planners,
            policy: SchedulingPolicy(sweepInterval: .milliseconds(50)),
            store: store
        )
    }

    @Test func twoInstancesShareTheWork() async throws {
        let provider = FakeProvider(time: .system)
        try await withStore { store, configuration in
            let other = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            let ids = try await instance(provider, store).withRunning { first in
                try await instance(provider, other).withRunning { second in
                    try await withThrowingTaskGroup(of: EnvironmentID.self) { group in
                        for number in 0..<40 {
                            let running = number % 2 == 0 ? first : second
                            group.addTask {
                                let source = EnvironmentSource(kind: "test", name: "source-\(number)")
                                let id = try await running.start(source, owner: OwnerID(unchecked: "o-\(number % 7)"))
                                #expect(try await running.ready(id).phase == .ready)
                                try await running.change(id, toRevision: 1)
                                let row = try await running.ready(id)
                                #expect(row.revision == 1)
                                #expect(row.incarnation == 1)
                                return id
                            }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                }
            }
            #expect(provider.topologies.isEmpty)
            #expect(Set(ids).count == 40)
            #expect(try await store.environments(matching: EnvironmentFilter()).isEmpty)
            for id in ids {
                let events = try await store.events(of: id, after: 0)
                #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
                #expect(events.first?.kind == .admitted)
                #expect(events.last?.kind == .deleted)
            }
            await other.close()
        }
    }
}

import AntidoteCore
import FakeBackend

/// A number of environments through the whole core, once: asked for, built on the fake backend, ready, removed, gone.
struct CoreRound {
    let count: Int

    private static let instance = InstanceID(unchecked: "bench")

    struct Outcome {
        /// From the first request until the last was ready.
        var secondsToReady: Double
        /// From the first removal until the last was gone.
        var secondsToGone: Double
        var usageToReady: ProcessUsage
        var usageToGone: ProcessUsage
    }

    /// One machine with one port.
    private static let planner = FunctionPlanner { request in
        let machine = Endpoint(
            name: "machine",
            image: ImageReference("bench"),
            ports: [Topology.Port(22, exposure: .owner)]
        )
        return EnvironmentPlan(topology: Topology(id: request.id, endpoints: [machine]))
    }

    private func embedded(_ bus: CountingBus) -> EmbeddedInstance {
        EmbeddedInstance(
            id: Self.instance,
            backend: FakeBackend(instance: Self.instance, time: .system),
            planners: ["bench": Self.planner],
            bus: bus
        )
    }

    func run() async throws -> Outcome {
        let bus = CountingBus()
        let embedded = embedded(bus)
        let subjects = Subjects(instance: Self.instance)
        return try await embedded.withRunning { running in
            bus.expect(count, on: subjects.event(.ready))
            let (ids, secondsToReady, usageToReady) = try await metered {
                let ids = try await ask(running)
                await bus.wait()
                return ids
            }
            bus.expect(count, on: subjects.event(.deleted))
            let (_, secondsToGone, usageToGone) = try await metered {
                for id in ids {
                    try await embedded.store.remove(id)
                    try await bus.publish(
                        BusMessage(subject: subjects.wake(.collector), payload: Array(id.rawValue.utf8))
                    )
                }
                await bus.wait()
            }
            return Outcome(
                secondsToReady: secondsToReady,
                secondsToGone: secondsToGone,
                usageToReady: usageToReady,
                usageToGone: usageToGone
            )
        }
    }

    /// The processor time of asking alone: nobody works on what is asked for.
    func runRequests() async throws -> Double {
        let running = RunningInstance(instance: embedded(CountingBus()))
        let (_, _, usage) = try await metered { try await ask(running) }
        return usage.cpu
    }

    private func ask(_ running: RunningInstance) async throws -> [EnvironmentID] {
        let source = EnvironmentSource(kind: "bench", name: "one-machine")
        var ids: [EnvironmentID] = []
        for number in 0..<count {
            ids.append(try await running.start(source, owner: OwnerID(unchecked: "owner-\(number)")))
        }
        return ids
    }
}

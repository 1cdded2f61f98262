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
    private static let planner = FunctionPlanner { environment, id in
        let machine = Endpoint(name: "machine", image: ImageReference("bench"), ports: [Port(22, exposure: .owner)])
        return EnvironmentPlan(topology: Topology(id: id, endpoints: [machine]))
    }

    private var embedded: EmbeddedInstance {
        EmbeddedInstance(
            id: Self.instance,
            backend: FakeBackend(instance: Self.instance, time: .system),
            planner: Self.planner,
            // Whoever counts events must not lose any.
            bus: InProcessBus(bufferSize: 16 * count)
        )
    }

    func run() async throws -> Outcome {
        let embedded = embedded
        let subjects = Subjects(instance: Self.instance)
        return try await embedded.withRunning { running in
            let (ids, secondsToReady, usageToReady) = try await metered {
                try await afterEvents(on: subjects.event(.ready), of: embedded.bus) {
                    try await ask(running)
                }
            }
            let (_, secondsToGone, usageToGone) = try await metered {
                try await afterEvents(on: subjects.event(.deleted), of: embedded.bus) {
                    for id in ids {
                        try await embedded.store.remove(id)
                        try await embedded.bus.publish(
                            BusMessage(subject: subjects.wake(.collector), payload: Array(id.rawValue.utf8))
                        )
                    }
                }
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
        let running = RunningInstance(instance: embedded)
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

    /// Returns when `act` is done and `count` messages on `subject` have come since it began.
    private func afterEvents<Value: Sendable>(
        on subject: String,
        of bus: any EventBus,
        _ act: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await bus.withSubscription(to: SubjectPattern(subject), queue: nil) { messages in
            let value = try await act()
            var missing = count
            for await _ in messages {
                missing -= 1
                if missing == 0 { break }
            }
            return value
        }
    }
}

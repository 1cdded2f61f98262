/// Publishes what the store recorded, after the commit; the relay publishes what was missed.
struct EventPublisher: Sendable {
    let instance: InstanceID
    let store: any StateStore
    let bus: any EventBus
    let telemetry: Telemetry

    private var subjects: Subjects { Subjects(instance: instance) }

    /// Never fails: an event that the bus did not take is published later by the relay.
    func publish(_ events: [EnvironmentEvent]) async {
        var done: [EnvironmentEvent] = []
        do {
            for event in events {
                try await bus.publish(
                    BusMessage(
                        subject: subjects.event(event.kind),
                        payload: try CloudEvent(event, instance: instance).encoded(),
                        headers: event.traceContext
                    )
                )
                done.append(event)
            }
        } catch {
            telemetry.debug("events wait for the relay", ["error": "\(error)"])
        }
        guard !done.isEmpty else { return }
        do {
            try await store.markPublished(done)
        } catch {
            // The relay publishes them once more; their ids tell that they are the same.
            telemetry.debug("published events could not be marked", ["error": "\(error)"])
        }
    }

    /// Says that `role` may have something to do about `id`.
    func wake(_ role: WorkerRole, about id: EnvironmentID) async {
        do {
            try await bus.publish(BusMessage(subject: subjects.wake(role), payload: Array(id.rawValue.utf8)))
        } catch {
            // The sweep finds it.
            telemetry.debug("nobody was woken", ["error": "\(error)"])
        }
    }

    /// Publishes what nobody has, until nothing is left.
    func relay() async throws {
        while true {
            let missed = try await store.unpublishedEvents(limit: 100)
            if missed.isEmpty { return }
            await publish(missed)
            guard try await store.unpublishedEvents(limit: 1).first != missed.first else { return }
        }
    }
}

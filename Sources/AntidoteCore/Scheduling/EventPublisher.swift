#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Publishes what the store recorded, after the commit; the relay publishes what was missed.
///
/// Never throws to a worker, and never blocks longer than `deadline` per message, so a slow bus cannot delay scheduling.
package struct EventPublisher: Sendable {
    package let bus: any EventBus
    let vocabularies: EventVocabularies
    let time: TimeSource
    private let instance: InstanceID
    private let store: StoreAccess
    private let deadline: Duration
    private let telemetry: Telemetry

    /// - Parameters:
    ///   - instance: Names the subjects.
    ///   - store: Lists unpublished events, and marks the published ones.
    ///   - bus: Every publication on it becomes a span.
    ///   - deadline: How long the bus may take over one message.
    ///   - vocabularies: The public names by kind of source.
    package init(
        instance: InstanceID,
        store: StoreAccess,
        bus: any EventBus,
        deadline: Duration,
        vocabularies: EventVocabularies,
        time: TimeSource,
        telemetry: Telemetry
    ) {
        self.instance = instance
        self.store = store
        self.bus = TracedEventBus(
            base: bus,
            telemetry: telemetry,
            attributes: [AttributeKey.instance: instance.rawValue]
        )
        self.deadline = deadline
        self.vocabularies = vocabularies
        self.time = time
        self.telemetry = telemetry
    }

    private var subjects: Subjects { Subjects(instance: instance) }

    /// An event that the bus did not take is published later by the relay.
    package func publish(_ events: [EnvironmentEvent]) async {
        var done: [EnvironmentEvent] = []
        do {
            for event in events {
                let vocabulary = vocabularies[event.source.kind]
                try await send(
                    BusMessage(
                        subject: subjects.event(event.kind, of: vocabulary),
                        payload: CloudEvent(event, instance: instance, vocabulary: vocabulary).encoded(),
                        headers: event.traceContext
                    )
                )
                done.append(event)
            }
        } catch {
            drop("event", error)
        }
        guard !done.isEmpty else { return }
        do {
            try await store.write { [done] in try await $0.markPublished(done) }
        } catch {
            // The relay publishes them once more; their ids tell that they are the same.
            telemetry.debug("published events could not be marked", ["error": "\(error)"])
        }
    }

    /// Says that `role` may have something to do about `id`. The sweep finds what nobody was told of.
    package func wake(_ role: WorkerRole, about id: EnvironmentID) async {
        do {
            try await send(BusMessage(subject: subjects.wake(role), payload: Array(id.rawValue.utf8)))
        } catch {
            drop("wake", error)
        }
    }

    /// Nobody misses a latest value that did not get through: the next one says more.
    func publish(_ snapshot: ProgressSnapshot, ofKind kind: String) async {
        do {
            let message = BusMessage(
                subject: subjects.progress(of: vocabularies[kind]),
                payload: Array(try JSONEncoder().encode(snapshot))
            )
            try await time.withDeadline(deadline, onTimeout: late) {
                try await bus.publish(message)
            }
        } catch {
            drop("progress", error)
        }
    }

    /// Publishes what nobody has, until nothing is left.
    func relay() async throws {
        while true {
            let missed = try await store.ask { try await $0.unpublishedEvents(limit: 100) }
            if missed.isEmpty { return }
            await publish(missed)
            let left = try await store.ask { try await $0.unpublishedEvents(limit: 1) }
            guard left.first != missed.first else { return }
        }
    }

    /// What is recorded is told, also by a worker that was told to stop meanwhile.
    private func send(_ message: BusMessage) async throws {
        if bus.answersAtOnce { return try await bus.publish(message) }
        try await time.shielded(atMost: deadline, onTimeout: late) {
            try await bus.publish(message)
        }
    }

    private var late: AntidoteError {
        AntidoteError(
            .deadlineExceeded,
            "the bus did not take a message in time",
            recovery: "See that the bus answers."
        )
    }

    private func drop(_ kind: String, _ error: any Error) {
        telemetry.count("antidote_unpublished_messages", [("kind", kind)])
        telemetry.debug("a message was not published", ["kind": kind, "error": "\(error)"])
    }
}

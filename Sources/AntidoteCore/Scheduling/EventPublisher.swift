#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Publishes what the store recorded, after the commit; the relay publishes what was missed.
///
/// Nothing here fails, and nothing waits for a bus for long: whoever holds an environment has better things to do.
package struct EventPublisher: Sendable {
    let parts: WorkerParts

    private var subjects: Subjects { Subjects(instance: parts.instance) }

    /// An event that the bus did not take is published later by the relay.
    package func publish(_ events: [EnvironmentEvent]) async {
        var done: [EnvironmentEvent] = []
        do {
            for event in events {
                let vocabulary = parts.vocabularies[event.source.kind]
                try await send(
                    BusMessage(
                        subject: subjects.event(event.kind, of: vocabulary),
                        payload: CloudEvent(event, instance: parts.instance, vocabulary: vocabulary).encoded(),
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
            try await parts.write { [done] in try await $0.markPublished(done) }
        } catch {
            // The relay publishes them once more; their ids tell that they are the same.
            parts.telemetry.debug("published events could not be marked", ["error": "\(error)"])
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
                subject: subjects.progress(of: parts.vocabularies[kind]),
                payload: Array(try JSONEncoder().encode(snapshot))
            )
            try await parts.time.withDeadline(parts.policy.busDeadline, onTimeout: late) {
                try await parts.bus.publish(message)
            }
        } catch {
            drop("progress", error)
        }
    }

    /// Publishes what nobody has, until nothing is left.
    func relay() async throws {
        while true {
            let missed = try await parts.ask { try await $0.unpublishedEvents(limit: 100) }
            if missed.isEmpty { return }
            await publish(missed)
            let left = try await parts.ask { try await $0.unpublishedEvents(limit: 1) }
            guard left.first != missed.first else { return }
        }
    }

    /// What is recorded is told, also by a worker that was told to stop meanwhile.
    private func send(_ message: BusMessage) async throws {
        if parts.bus.answersAtOnce { return try await parts.bus.publish(message) }
        try await parts.time.shielded(atMost: parts.policy.busDeadline, onTimeout: late) {
            try await parts.bus.publish(message)
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
        parts.telemetry.count("antidote_unpublished_messages", [("kind", kind)])
        parts.telemetry.debug("a message was not published", ["kind": kind, "error": "\(error)"])
    }
}

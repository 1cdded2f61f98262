import AntidoteCore
import AntidoteTesting
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A bus that is dead, hangs, or loses, repeats and swaps messages. Shared by all installations that reach it.
final class FaultyBus: EventBus {
    private let base = InProcessBus()
    private let world: World
    /// Taken, and delivered with a later one.
    private let late = Mutex<[BusMessage]>([])

    init(world: World) { self.world = world }

    func publish(_ message: BusMessage) async throws {
        switch world.swarm.bus {
        case .dead: throw AntidoteError(.backendUnavailable, "the bus is dead")
        case .hung: try await world.simulation.timeSource.sleep(.seconds(1_000_000))
        case .lying: try await publishWithMishaps(message)
        case .healthy: try await base.publish(message)
        }
        noteEvent(message)
    }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        switch world.swarm.bus {
        case .dead: throw AntidoteError(.backendUnavailable, "the bus is dead")
        case .hung: try await world.simulation.timeSource.sleep(.seconds(1_000_000))
        case .lying where world.mishap(0.2): throw AntidoteError(.backendUnavailable, "not now")
        case .lying, .healthy: break
        }
        return try await base.withSubscription(to: pattern, queue: queue, body)
    }

    /// Whatever anybody may write who reaches the bus.
    func forge(_ message: BusMessage) async throws { try await base.publish(message) }

    private func publishWithMishaps(_ message: BusMessage) async throws {
        switch world.draw(below: 8) {
        case 0: return
        case 1: throw AntidoteError(.backendUnavailable, "the bus stumbled")
        case 2:
            try await base.publish(message)
            try await base.publish(message)
        case 3: late.withLock { $0.append(message) }
        default:
            try await base.publish(message)
            let late = late.withLock { late in
                defer { late = [] }
                return late
            }
            for message in late { try await base.publish(message) }
        }
    }

    /// What the bus took is published, even if it loses it: the store has the truth.
    private func noteEvent(_ message: BusMessage) {
        guard message.subject.contains(".environment."), !message.subject.hasSuffix(".progress"),
            let event = try? JSONDecoder().decode(CloudEvent.self, from: Data(message.payload))
        else { return }
        world.noteHanded(event.id)
    }
}

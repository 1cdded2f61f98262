import AntidoteCore
public import AntidoteTesting
import Synchronization

/// A bus that is wrong in one way, and the cases of the suite that must say so.
public struct BusMutant: Sendable, CustomStringConvertible {
    /// What is wrong, as a sentence.
    public let description: String
    /// Each of them must fail.
    public let cases: [String]
    let countsDrops: Bool
    let mutation: @Sendable (EventBusFacts) -> BusMutation

    init(
        _ description: String,
        _ cases: [String],
        countsDrops: Bool = true,
        with mutation: @escaping @Sendable (EventBusFacts) -> BusMutation = { _ in BusMutation { _ in } }
    ) {
        self.description = description
        self.cases = cases
        self.countsDrops = countsDrops
        self.mutation = mutation
    }

    init(_ description: String, _ cases: [String], _ change: @escaping @Sendable (inout BusMutation) -> Void) {
        self.init(description, cases) { _ in BusMutation(change) }
    }

    /// The cases that did not reject this mutant: there should be none. What the subject is not able to do is left out.
    public func survivors(at subject: any EventBusSubject) async throws -> [String] {
        let verdict = try await EventBusConformance(of: MutatedSubject(base: subject, mutant: self))
            .run(only: Set(cases))
        return verdict.findings(.passed).map(\.id)
    }
}

/// What a mutant may know of the world that it is in. One for each world.
final class EventBusFacts: Sendable {
    let limits: BusLimits
    /// Whether something happened to the connections.
    private let disturbances = Mutex(0)
    let memory = Mutex(Memory())

    struct Memory {
        var subscriptions = 0
        var published = 0
        /// By subject: how many messages were published, and how many of them a stream took.
        var sent: [String: Int] = [:]
        var taken: [String: Int] = [:]
        var kept: [BusMessage] = []
    }

    init(limits: BusLimits) { self.limits = limits }

    var wasDisturbed: Bool { disturbances.withLock { $0 > 0 } }
    func disturb() { disturbances.withLock { $0 += 1 } }
}

private struct MutatedSubject: EventBusSubject {
    let base: any EventBusSubject
    let mutant: BusMutant

    var name: String { "mutant of \(base.name)" }
    var limits: BusLimits { base.limits }
    /// Some faults show by waiting for what never comes.
    var patience: Duration { .seconds(4) }
    var time: TimeSource { base.time }
    var abilities: Set<EventBusAbility> { base.abilities }

    func world() async throws -> any EventBusWorld {
        let facts = EventBusFacts(limits: limits)
        return MutatedWorld(
            base: try await base.world(),
            mutation: mutant.mutation(facts),
            facts: facts,
            countsDrops: mutant.countsDrops
        )
    }
}

private struct MutatedWorld: EventBusWorld {
    let base: any EventBusWorld
    let mutation: BusMutation
    let facts: EventBusFacts
    let countsDrops: Bool

    func bus() async throws -> any EventBus { MutatedBus(base: try await base.bus(), mutation: mutation) }
    func end() async { await base.end() }

    func stopServer() async throws {
        facts.disturb()
        try await base.stopServer()
    }
    func startServer() async throws { try await base.startServer() }
    func freezeServer() async throws {
        facts.disturb()
        try await base.freezeServer()
    }
    func cutConnections() async throws {
        facts.disturb()
        try await base.cutConnections()
    }
    func sendRaw(_ subject: String, headers: [UInt8], payload: [UInt8]) async throws {
        try await base.sendRaw(subject, headers: headers, payload: payload)
    }
    func droppedMessages() async throws -> Int { countsDrops ? try await base.droppedMessages() : 0 }
}

@_spi(StoreKit) import AntidoteCore
import AntidoteTesting

/// A network before a store: it refuses to work for a cancelled task, is slow, loses requests and answers, and hangs. And
/// the store breaks transactions off.
///
/// It also holds the store to what it answered: what was accepted is recorded.
struct FaultyNetwork: StoreInterceptor {
    let store: InMemoryStateStore
    let world: World
    let time: TimeSource

    private static let broken = AntidoteError(.storeUnavailable, "the connection broke")

    func intercept<Answer: Sendable>(
        _ call: StoreCall,
        _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        look(at: call)
        if case .perform(let changes as CommitChanges) = call, world.mishap(world.swarm.lateCommits) {
            arriveLate(changes)
            throw Self.broken
        }
        let asked = world.simulation.now
        try Task.checkCancellation()
        if world.mishap(world.swarm.storeDelays) { try await time.sleep(.milliseconds(100 + world.draw(below: 4000))) }
        if world.mishap(world.swarm.storeHangs) { try await time.sleep(.seconds(100_000)) }
        try Task.checkCancellation()
        let isLost = world.mishap(world.swarm.storeErrors)
        // Half of the time it was done, and only the answer is lost.
        if isLost, !world.chance(0.5) { throw Self.broken }
        let answer = try await body()
        check(call, answer, asked)
        if isLost { throw Self.broken }
        return answer
    }

    /// Between the decision and the write: nothing may be left of it.
    var beforeWriting: (@Sendable () throws -> Void)? {
        { if world.mishap(world.swarm.storeErrors) { throw Self.broken } }
    }

    /// It was on its way when the connection broke, and is carried out by a proxy that nobody listens to.
    private func arriveLate(_ changes: CommitChanges) {
        var delay = Duration.milliseconds(world.draw(below: 45_000))
        // Mostly just when its lease ends, before anybody else can have claimed the row.
        let first = changes.commits.first.flatMap { store.rows[$0.environment] }
        if let end = first?.lease?.endsAt, world.chance(0.6) { delay = end - world.simulation.now }
        world.simulation.after(delay) { [store, world] in
            world.outside.start {
                for case .lost in (try? await store.perform(changes)) ?? [] { world.count { $0.lostLeases += 1 } }
            }
        }
    }
}

// MARK: - What is demanded of the store

extension FaultyNetwork {
    private func look(at call: StoreCall) {
        guard case .markPublished(let events) = call else { return }
        for event in events where !world.wasHanded(event.id) {
            world.report(Violation(8, "the event \(event.id) was marked as published, and the bus never took it"))
        }
    }

    private func check<Answer>(_ call: StoreCall, _ answer: Answer, _ asked: Timestamp) {
        guard case .perform(let operation) = call else { return }
        switch operation {
        case let admission as Admit:
            (answer as? Admission).map { check($0, of: admission.request) }
        case let revision as Revise:
            guard let row = (answer as? RevisionChange)?.environment, row.revision != revision.revision else { return }
            let sentence = "revision \(revision.revision) was accepted and not recorded: \(Describe.row(row))"
            world.report(Violation(1, sentence))
        case let removal as Remove:
            guard let row = store.rows[removal.id], row.wanted == .present, row.phase != .closed else { return }
            world.report(Violation(1, "a removal was accepted and not recorded: \(Describe.row(row))"))
        case let use as Use: check(use, asked)
        case is CommitChanges:
            for case .lost in answer as? [CommitOutcome] ?? [] { world.count { $0.lostLeases += 1 } }
        default: break
        }
    }

    private func check(_ admission: Admission, of request: AdmissionRequest) {
        let row = admission.environment
        let isGoing = row.wanted != .present || [.failed, .deleting, .closed].contains(row.phase)
        if row.owner != request.owner || row.source.name != request.source.name || isGoing {
            world.report(Violation(1, "a request of \(request.owner) was answered with \(Describe.row(row))"))
        }
    }

    private func check(_ use: Use, _ asked: Timestamp) {
        for row in use.ids.compactMap({ store.rows[$0] }) {
            let slack = min(.seconds(60), (row.request.idleLimit ?? .seconds(240)) / 4)
            if row.phase != .closed, row.desired.lastActivityAt + slack < asked {
                world.report(Violation(1, "a use was accepted and not recorded: \(Describe.row(row))"))
            }
        }
    }
}

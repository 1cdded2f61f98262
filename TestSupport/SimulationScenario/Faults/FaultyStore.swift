import AntidoteCore
import AntidoteTesting

/// A store behind a network: it refuses to work for a cancelled task, is slow, loses requests and answers, and hangs.
///
/// It also holds the store to what it answered: what was accepted is recorded.
struct FaultyStore: StateStore {
    let base: InMemoryStateStore
    let world: World
    let time: TimeSource

    var id: StoreID { base.id }

    private func pass<Result: Sendable>(_ operation: () async throws -> Result) async throws -> Result {
        try Task.checkCancellation()
        if world.mishap(world.swarm.storeDelays) { try await time.sleep(.milliseconds(100 + world.draw(below: 4000))) }
        if world.mishap(world.swarm.storeHangs) { try await time.sleep(.seconds(100_000)) }
        try Task.checkCancellation()
        guard world.mishap(world.swarm.storeErrors) else { return try await operation() }
        // Half of the time it was done, and only the answer is lost.
        if world.chance(0.5) { _ = try await operation() }
        throw AntidoteError(.storeUnavailable, "the connection broke")
    }

    func admit(_ request: AdmissionRequest) async throws -> Admission {
        try await pass {
            let admission = try await base.admit(request)
            let row = admission.environment
            let isGoing = row.wanted != .present || [.failed, .deleting, .closed].contains(row.phase)
            if row.owner != request.owner || row.source.name != request.source.name || isGoing {
                world.report(Violation(1, "a request of \(request.owner) was answered with \(Describe.row(row))"))
            }
            return admission
        }
    }

    func environment(_ id: EnvironmentID) async throws -> Environment? {
        try await pass { try await base.environment(id) }
    }

    func environments(matching filter: EnvironmentFilter) async throws -> [Environment] {
        try await pass { try await base.environments(matching: filter) }
    }

    func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await pass {
            let change = try await base.change(id, toRevision: revision)
            let row = change.environment
            if row.revision != revision {
                world.report(Violation(1, "revision \(revision) was accepted and not recorded: \(Describe.row(row))"))
            }
            return change
        }
    }

    func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await pass {
            let removed = try await base.remove(id)
            if let row = base.rows[id], row.wanted == .present, row.phase != .closed {
                world.report(Violation(1, "a removal was accepted and not recorded: \(Describe.row(row))"))
            }
            return removed
        }
    }

    func keepAlive(_ ids: [EnvironmentID]) async throws {
        try await pass {
            let asked = world.simulation.now
            try await base.keepAlive(ids)
            for row in ids.compactMap({ base.rows[$0] }) {
                let slack = min(.seconds(60), (row.request.idleLimit ?? .seconds(240)) / 4)
                if row.phase != .closed, row.desired.lastActivityAt + slack < asked {
                    world.report(Violation(1, "a use was accepted and not recorded: \(Describe.row(row))"))
                }
            }
        }
    }

    func claim(
        _ request: ClaimRequest,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange]
    ) async throws -> [Claim] {
        try await pass { try await base.claim(request, recording: decide) }
    }

    func renew(_ held: [EnvironmentID: Fence], for duration: Duration) async throws -> [EnvironmentID: LeaseRenewal] {
        try await pass { try await base.renew(held, for: duration) }
    }

    func commit(_ commits: [Commit]) async throws -> [CommitOutcome] {
        if world.mishap(world.swarm.lateCommits) {
            arriveLate(commits)
            throw AntidoteError(.storeUnavailable, "the connection broke")
        }
        let outcomes = try await pass { try await base.commit(commits) }
        for case .lost in outcomes { world.count { $0.lostLeases += 1 } }
        return outcomes
    }

    /// It was on its way when the connection broke, and is carried out by a proxy that nobody listens to.
    private func arriveLate(_ commits: [Commit]) {
        var delay = Duration.milliseconds(world.draw(below: 45_000))
        // Mostly just when its lease ends, before anybody else can have claimed the row.
        if let end = commits.first.flatMap({ base.rows[$0.environment]?.lease?.endsAt }), world.chance(0.6) {
            delay = end - world.simulation.now
        }
        world.simulation.after(delay) { [base, world] in
            world.outside.start {
                for case .lost in (try? await base.commit(commits)) ?? [] { world.count { $0.lostLeases += 1 } }
            }
        }
    }

    func nextDue(for role: WorkerRole, on backends: [BackendID]) async throws -> Duration? {
        try await pass { try await base.nextDue(for: role, on: backends) }
    }

    func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await pass { try await base.report(trouble, of: id, incarnation: incarnation) }
    }

    func known(_ ids: [EnvironmentID]) async throws -> [EnvironmentID: Environment] {
        try await pass { try await base.known(ids) }
    }

    func events(of id: EnvironmentID, after sequence: Int64) async throws -> [EnvironmentEvent] {
        try await pass { try await base.events(of: id, after: sequence) }
    }

    func unpublishedEvents(limit: Int) async throws -> [EnvironmentEvent] {
        try await pass { try await base.unpublishedEvents(limit: limit) }
    }

    func markPublished(_ events: [EnvironmentEvent]) async throws {
        for event in events where !world.wasHanded(event.id) {
            world.report(Violation(8, "the event \(event.id) was marked as published, and the bus never took it"))
        }
        try await pass { try await base.markPublished(events) }
    }
}

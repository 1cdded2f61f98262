@_spi(StoreKit) import AntidoteCore

/// One of two stores that are asked the same, and what its answers are called on both sides.
final class ModelSide: Sendable {
    private let connections: [any StateStore]
    private let known = Mutexed(Known())

    private struct Known {
        var sessions: [OwnerID] = []
        var rows: [EnvironmentID] = []
        var claims: [Claim] = []
    }

    /// Where what passes is whole hours, none of these is one, alone or with the age of what is forgotten: what real time goes
    /// by decides nothing.
    private static let lease = Duration.seconds(3600 * 5 + 1800)
    private static let idle = Duration.seconds(3600 * 30 + 1800)
    private static let lifetime = Duration.seconds(3600 * 100 + 900)

    init(connections: [any StateStore]) { self.connections = connections }

    /// The answer, in words that both sides share.
    func perform(_ action: ModelAction, through connection: Int) async throws -> String {
        do {
            return try await answer(to: action, from: connections[connection])
        } catch let error as AntidoteError {
            return "error \(error.code)"
        }
    }

    func everything() async throws -> String {
        let store = connections[0]
        let all = EnvironmentFilter(phases: Set(Phase.allCases))
        let rows = try await store.environments(matching: all).map(describe)
        let sessions = try await store.sessions(limit: 1000).map { name($0.id) }.sorted()
        var events: [String] = []
        for (number, id) in known.value.rows.enumerated() {
            events += try await store.events(of: id, after: 0).map { "\(number) \($0.sequence) \($0.kind)" }
        }
        return (rows + sessions + events).joined(separator: "\n")
    }

    private func answer(to action: ModelAction, from store: any StateStore) async throws -> String {
        switch action {
        case .open(let address): return try await open(address, store)
        case .end(let session): try await store.endSession(owner(session))
        case .persist(let isPersistent, let session):
            let session = try await store.setPersistent(isPersistent, session: owner(session))
            return "\(name(session.id)) \(session.isPersistent)"
        case .admit(let session, let source, let backend, let isIdle):
            let request = AdmissionRequest(
                owner: owner(session),
                requiresSession: true,
                source: EnvironmentSource(kind: "test", name: "s\(source)"),
                backend: ModelSide.backend(backend),
                idleLimit: isIdle ? ModelSide.idle : nil
            )
            let admission = try await store.admit(request)
            if admission.isNew { known.change { $0.rows.append(admission.environment.id) } }
            return "\(admission.isNew) \(describe(admission.environment)) \(describe(admission.events))"
        case .change(let row, let revision):
            let change = try await store.change(id(row), toRevision: revision)
            return "\(describe(change.environment)) \(describe(change.events))"
        case .remove(let row): try await store.remove(id(row))
        case .keepAlive(let rows): try await store.keepAlive(rows.map(id))
        case .claim(let role, let backends, let isDeciding): return try await claim(role, backends, isDeciding, store)
        case .renew:
            let held = Dictionary(known.value.claims.map { ($0.environment.id, $0.lease.fence) }) { max($0, $1) }
            let renewals = try await store.renew(held, for: ModelSide.lease)
            return renewals.map { "\(number($0.key)):\($0.value.generation)" }.sorted().joined(separator: " ")
        case .commit(let number, let step, let releases): return try await commit(number, step, releases, store)
        case .nextDue(let role):
            let due = try await store.nextDue(for: role, on: [ModelSide.backend(0), ModelSide.backend(1)])
            return due == .zero ? "now" : "later or never"
        case .report(let row, let isDead):
            let incarnation = try await store.environment(id(row))?.incarnation ?? 0
            let trouble: ProviderFailure = isDead ? .dead(["web"]) : .vanished
            return "\(try await store.report(trouble, of: id(row), incarnation: incarnation))"
        case .read(let row): return try await store.environment(id(row)).map(describe) ?? "none"
        case .list(let session):
            let filter = EnvironmentFilter(owner: session.map(owner), limit: 20)
            return try await store.environments(matching: filter).map(describe).joined(separator: "\n")
        case .publish:
            let events = try await store.unpublishedEvents(limit: 1000)
            try await store.markPublished(events)
            return describe(events.sorted { $0.id < $1.id }.sorted { number($0.environment) < number($1.environment) })
        case .forget: return "\(try await store.forget(olderThan: .seconds(3600 * 50 + 1800), limit: 1000))"
        case .pass: break
        }
        return "done"
    }

    private func open(_ address: Int, _ store: any StateStore) async throws -> String {
        let count = known.value.sessions.count
        var bytes = Array(repeating: UInt8(0), count: 30)
        bytes += [UInt8(count >> 8 & 255), UInt8(count & 255)]
        let request = SessionRequest(
            tokenDigest: TokenDigest(bytes: bytes),
            lifetime: ModelSide.lifetime,
            address: address == 0 ? nil : "192.0.2.\(address)"
        )
        let session = try await store.openSession(request)
        known.change { $0.sessions.append(session.id) }
        return name(session.id)
    }

    private func claim(
        _ role: WorkerRole,
        _ backends: [Int],
        _ isDeciding: Bool,
        _ store: any StateStore
    ) async throws -> String {
        let request = ClaimRequest(
            worker: WorkerID(unchecked: "w"),
            role: role,
            backends: backends.map(ModelSide.backend),
            limit: 1000,
            leaseDuration: ModelSide.lease
        )
        let claims = try await store.claim(request) { row, _ in
            isDeciding && row.incarnation == 0 ? [.begin(incarnation: 1)] : []
        }.sorted { $0.environment.ticket < $1.environment.ticket }
        known.change { $0.claims = Array(($0.claims + claims).suffix(12)) }
        return claims.map { "\($0.phaseBefore) \(describe($0.environment)) \(describe($0.events))" }
            .joined(separator: "\n")
    }

    private func commit(
        _ number: Int,
        _ step: Int,
        _ releases: Bool,
        _ store: any StateStore
    ) async throws -> String {
        let claims = known.value.claims
        guard claims.indices.contains(number) else { return "no claim" }
        let claim = claims[number]
        let commit = Commit(
            environment: claim.environment.id,
            fence: claim.lease.fence,
            changes: ModelSide.changes(step, of: claim.environment),
            releases: releases
        )
        guard case .committed(let row, let events, _) = try await store.commit([commit])[0] else { return "lost" }
        // Whoever has the row goes on with what was answered.
        known.change { $0.claims[number].environment = row }
        return "\(describe(row)) \(describe(events))"
    }

    /// What a worker who has `row` might record: some of it right, some late, none of it what no worker ever does.
    private static func changes(_ step: Int, of row: Environment) -> [EnvironmentChange] {
        let gone: [EnvironmentChange] = [.abandon, .destroyed(through: row.incarnation)]
        let error = AntidoteError(.backendUnavailable, "busy")
        func retry(_ error: AntidoteError) -> EnvironmentChange {
            .retry(after: .seconds(5400), generation: row.generation, because: error)
        }
        if row.phase == .queued { return step < 5 ? [.expire] : [.expire, .close] }
        if row.wanted == .absent || [.failed, .closed].contains(row.phase) {
            return step < 3 ? [retry(error)] : step < 5 ? gone : step == 5 ? [.close] : gone + [.close]
        }
        let topology = ProvisionedTopology(
            id: TopologyID(
                instance: InstanceID(unchecked: "suite"),
                store: StoreID(unchecked: "aaaaaaaaaaaaaaaa"),
                environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
                incarnation: 1
            ),
            endpoints: [ProvisionedEndpoint(name: "web", identity: "m\(row.attempts.claims)", ports: [])]
        )
        let isDead = row.incarnation <= row.observed.deadThrough
        let begin = EnvironmentChange.begin(incarnation: row.incarnation + (isDead ? 1 : 0))
        let built = EnvironmentChange.built(topology, generation: row.generation, repaired: row.observed.troubled)
        let configured = EnvironmentChange.configured(generation: row.generation)
        return switch step {
        case 0: [begin]
        case 1: isDead ? [begin] : [built]
        case 2: isDead ? [begin] : [configured]
        case 3: [retry(error)]
        case 4: [.fail(error, generation: row.generation, keptFor: .seconds(3600 * 10 + 1800))]
        case 5: [.expire]
        case 6: [retry(AntidoteError(.jobFailed, "it broke"))]
        case 7: [retry(AntidoteError(.endpointFailed, "it died", disposition: .rebuild))]
        default: isDead ? [begin, built, configured] : [built, configured]
        }
    }

    // MARK: Names that both sides share

    private static func backend(_ number: Int) -> BackendID { BackendID(unchecked: "b\(number)") }

    private func owner(_ number: Int) -> OwnerID {
        let sessions = known.value.sessions
        return sessions.isEmpty ? OwnerID(unchecked: "nobody") : sessions[number % sessions.count]
    }

    private func id(_ number: Int) -> EnvironmentID {
        let rows = known.value.rows
        return rows.isEmpty ? EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa") : rows[number % rows.count]
    }

    private func number(_ id: EnvironmentID) -> Int { known.value.rows.firstIndex(of: id) ?? -1 }

    private func name(_ id: OwnerID) -> String { "o\(known.value.sessions.firstIndex(of: id) ?? -1)" }

    private func describe(_ events: [EnvironmentEvent]) -> String {
        "[" + events.map { "\(number($0.environment)) \($0.sequence) \($0.kind)" }.joined(separator: ", ") + "]"
    }

    /// Everything of a row but ids and times.
    private func describe(_ row: Environment) -> String {
        let parts: [String] = [
            "\(number(row.id))", name(row.owner), row.source.name, row.backend.rawValue, "r\(row.revision)",
            "g\(row.generation)", row.wanted.rawValue, row.phase.rawValue,
            "i\(row.incarnation)/\(row.observed.deadThrough)/\(row.observed.destroyedThrough)",
            "b\(row.observed.builtGeneration)/\(row.observed.observedGeneration)", "\(row.observed.mustConfigure)",
            "\(row.desired.isPersistent)",
            "t\(row.observed.troubled)", "v\(row.observed.hasVanished)",
            "a\(row.attempts.count)/\(row.attempts.jobFailures)/\(row.attempts.claims)",
            "n\(row.attempts.notBefore != nil)", "l\(row.lease?.fence.rawValue ?? 0)", "f\(row.fence)",
            "e\(row.eventCount)",
            "p\(row.provisioned?.endpoints.map(\.identity) ?? [])", row.failure?.code.description ?? "",
            "x\(row.expiresAt != nil)",
            row.attempts.restarts.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }.joined(),
        ]
        return parts.joined(separator: " ")
    }
}

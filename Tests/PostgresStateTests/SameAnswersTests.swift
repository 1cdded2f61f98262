import AntidoteCore
import PostgresState
import Synchronization
import Testing

/// Whatever is asked, this store answers as the one in memory does.
@Suite struct SameAnswersTests {
    /// A clock that never stands still, so that what comes later is later.
    private static func ticking() -> TimeSource {
        let now = Counter()
        return TimeSource(
            now: { Timestamp(microseconds: Int64(now.increment()) * 1000) },
            uptime: { .zero },
            sleep: { _ in }
        )
    }

    /// What depends on no clock. A ticket is lost with each request that is refused, or asks again for what is there.
    private struct Shown: Equatable {
        var id: EnvironmentID
        var numbers: [Int]
        var phase: Phase
        var flags: [Bool]
        var texts: [String]

        init(_ row: Environment) {
            id = row.id
            numbers = [
                row.generation, row.revision, row.incarnation, row.deadThrough, row.destroyedThrough,
                row.builtGeneration, row.observedGeneration, row.attempts, row.jobFailures, row.claims,
                Int(row.fence.rawValue), Int(row.eventCount),
            ]
            phase = row.phase
            flags = [
                row.wanted == .present, row.mustConfigure, row.hasVanished, row.isPersistent, row.lease == nil,
                row.provisioned == nil, row.notBefore == nil, row.failure == nil, row.holdsCapacity,
            ]
            texts = row.troubled + row.restarts.keys.sorted() + [row.owner.rawValue, row.source.description]
        }
    }

    private static let error = AntidoteError(.endpointFailed, "it died")

    private func changes(_ row: Environment, _ roll: Int, _ store: StoreID) -> [EnvironmentChange] {
        let generation = row.generation
        // Nobody goes on building what is over.
        let isOver = [.failed, .deleting, .closed].contains(row.phase)
        switch isOver ? 3 + roll % 5 : roll % 9 {
        case 0: return [.begin(incarnation: row.incarnation + 1)]
        case 1: return [.built(Sample.provisioned(row.id, store), generation: generation, repaired: row.troubled)]
        case 2: return [.configured(generation: generation)]
        case 3: return [.retry(after: .zero, generation: generation, because: Self.error)]
        case 4: return [.fail(Self.error, generation: generation, keptFor: .zero)]
        case 5: return [.giveUp, .destroyed(through: row.incarnation)]
        case 6: return [.destroyed(through: row.incarnation), .close]
        case 7: return []
        default:
            return [
                .begin(incarnation: row.incarnation + 1),
                .built(Sample.provisioned(row.id, store), generation: generation, repaired: []),
                .configured(generation: generation),
            ]
        }
    }

    /// One step, as a text that must be the same for both.
    private func step(_ roll: RandomSource, _ store: any InstanceStore, _ held: inout [Claim]) async throws -> String {
        func pick(_ count: Int) -> Int { Int(roll.next() % UInt64(max(1, count))) }
        func show(_ rows: [Environment]) -> String { "\(rows.map { Shown($0) })" }
        let kind = pick(12)
        let (first, second) = (pick(5), pick(4))
        let rows = try await store.environments(matching: EnvironmentFilter(phases: Set(Phase.allCases)))
        let chosen = rows.isEmpty ? nil : rows[pick(rows.count)]
        let (roleRoll, changeRoll, heldRoll) = (pick(2), pick(9), pick(held.count))
        do {
            switch kind {
            case 0, 1, 2:
                let admission = try await store.admit(Sample.request("owner-\(first)", "lesson-\(second)"))
                return "admit \(admission.isNew) \(show([admission.environment])) \(admission.events.map(\.kind))"
            case 3, 4, 5:
                let role: WorkerRole = roleRoll == 0 ? .scheduler : .collector
                let claims = try await store.claim(Sample.claim(role, limit: 1 + second, lease: .seconds(86_400)))
                held += claims
                return "claim \(claims.map(\.phaseBefore)) \(show(claims.map(\.environment)))"
            case 6, 7, 8:
                guard !held.isEmpty else { return "nothing held" }
                let claim = held[heldRoll]
                guard let row = try await store.environment(claim.environment.id) else { return "gone" }
                let releases = second > 0
                if releases { held.remove(at: heldRoll) }
                let commit = Commit(
                    environment: claim.environment.id,
                    fence: claim.lease.fence,
                    changes: changes(row, changeRoll, StoreID(unchecked: "aaaaaaaaaaaaaaaa")),
                    releases: releases
                )
                switch try await store.commit([commit])[0] {
                case .lost: return "lost"
                case .committed(let row, let events, _): return "commit \(show([row])) \(events.map(\.kind))"
                }
            case 9:
                guard let chosen else { return "none" }
                let change = try await store.change(chosen.id, toRevision: second)
                return "change \(show([change.environment])) \(change.events.map(\.kind))"
            case 10:
                guard let chosen else { return "none" }
                if second == 0 { try await store.remove(chosen.id) }
                let trouble: Trouble = second == 1 ? .vanished : .dead(["linux1"])
                return "report \(try await store.report(trouble, of: chosen.id, incarnation: chosen.incarnation))"
            default:
                let fences = Dictionary(held.map { ($0.environment.id, $0.lease.fence) }) { max($0, $1) }
                let renewed = try await store.renew(fences, for: .seconds(86_400))
                let shown = renewed.sorted { $0.key < $1.key }.map {
                    "\($0.key) \($0.value.fence) \($0.value.generation)"
                }
                let dues = try await [WorkerRole.scheduler, .collector].asyncMap { role in
                    try await store.nextDue(for: role, on: [Sample.backend]).map { $0 == .zero }
                }
                return "renew \(shown) \(dues)"
            }
        } catch let error as AntidoteError {
            return "error \(error.code) \(error.message)"
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func sameAnswers(seed: UInt64) async throws {
        let limits = AdmissionLimits(perOwner: 3, perSource: 3, perBackend: 7, perInstance: 7, queueLength: 6)
        try await withStore { opened, configuration in
            await opened.close()
            // Both draw the same ids: the other one's first is that of the store.
            let ids = RandomSource.seeded(seed)
            _ = ids.storeID()
            let store = try await PostgresStateStore.open(configuration, limits: limits, time: .system, random: ids)
            let memory = InMemoryStateStore(time: Self.ticking(), random: .seeded(seed), limits: limits)
            let rolls = (RandomSource.seeded(seed + 100), RandomSource.seeded(seed + 100))
            var held: ([Claim], [Claim]) = ([], [])
            for number in 0..<250 {
                let theirs = try await step(rolls.0, memory, &held.0)
                let ours = try await step(rolls.1, store, &held.1)
                #expect(ours == theirs, "step \(number)")
                guard ours == theirs else { break }
            }
            let rows = try await memory.environments(matching: EnvironmentFilter(phases: Set(Phase.allCases)))
            for row in rows {
                let theirs = try await memory.events(of: row.id, after: 0)
                let ours = try await store.events(of: row.id, after: 0)
                #expect(ours.map(\.kind) == theirs.map(\.kind))
                #expect(ours.map(\.phase) == theirs.map(\.phase))
                #expect(ours.map(\.sequence) == theirs.map(\.sequence))
            }
            await store.close()
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}

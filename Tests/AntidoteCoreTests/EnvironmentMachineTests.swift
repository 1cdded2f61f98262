import Testing

@testable import AntidoteCore

@Suite("The environment machine")
struct EnvironmentMachineTests {
    static let policy = SchedulingPolicy()
    let machine = EnvironmentMachine(policy: policy)

    /// Walks through life at random: requests, news and outcomes in any order that the store would let through.
    @Test(arguments: 0..<200)
    func neverWaitsForNothingAndNeverSpins(seed: Int) {
        let random = RandomSource.seeded(UInt64(seed))
        var now = Timestamp(microseconds: 1_000_000_000)
        var row = Environment(
            admitting: AdmissionRequest(
                owner: OwnerID(unchecked: "owner"),
                source: EnvironmentSource(kind: "test", name: "x"),
                backend: BackendID(unchecked: "fake"),
                idleLimit: .seconds(1800)
            ),
            id: random.environmentID(),
            ticket: 1,
            now: now
        )
        row.take(claim, now: now)
        row.lease = nil
        var seen: (generation: Int, incarnation: Int, rank: Int) = (0, 0, 0)
        for _ in 0..<200 where row.phase != .closed {
            now = now + .seconds(random.unit() * 60)
            disturb(&row, random, now)
            let due = WorkerRole.allCases.contains {
                row.dueTime(for: $0).map { $0 <= now } ?? false
            }
            let step = machine.step(for: row, now: now)
            switch step {
            case .rest, .wait: #expect(!due, "due, and yet there is nothing to do: \(row)")
            default: #expect(due, "there is \(step) to do, and yet nobody is told: \(row)")
            }
            advance(&row, step, random, now)
            let rank = Phase.allCases.firstIndex(of: row.phase) ?? 0
            if seen.generation == row.generation, seen.incarnation == row.incarnation {
                #expect(rank >= seen.rank, "the phase went backwards: \(row)")
            }
            seen = (row.generation, row.incarnation, rank)
            #expect(row.destroyedThrough <= row.deadThrough)
            #expect(row.deadThrough <= row.incarnation)
        }
    }

    @Test func recordsAnIncarnationDeadBeforeItIsDestroyed() {
        var row = readyRow
        _ = row.requestRemoval(.zero)
        guard case .record(.giveUp) = machine.step(for: row, now: .zero) else {
            Issue.record("an incarnation was destroyed while it could be adopted")
            return
        }
        _ = row.apply(.giveUp, now: .zero)
        guard case .destroy(through: 1) = machine.step(for: row, now: .zero) else {
            Issue.record("nothing was destroyed")
            return
        }
    }

    @Test func neverUsesAnIncarnationTwice() {
        var row = readyRow
        _ = row.apply(.retry(after: .zero, generation: 1, because: AntidoteError(.endpointNotReady, "x")), now: .zero)
        _ = row.apply(.destroyed(through: 1), now: .zero)
        guard case .record(.begin(incarnation: 2)) = machine.step(for: row, now: .zero) else {
            Issue.record("the second incarnation was not begun")
            return
        }
    }

    @Test(arguments: AntidoteError.Code.all)
    func decidesByTheDispositionOfAnError(code: AntidoteError.Code) {
        let error = AntidoteError(code, "x")
        let change = machine.change(after: error, for: readyRow, isEnding: false, jitter: 0)
        switch (change, error.disposition) {
        case (.retry(_, 1, let reason), .retry), (.retry(_, 1, let reason), .rebuild): #expect(reason.code == code)
        case (.fail(let reason, 1, EnvironmentMachineTests.policy.failedRetention), .permanent):
            #expect(reason.code == code)
        case (nil, .permanent): #expect(code == .authorityLost)
        default: Issue.record("\(code) led to \(String(describing: change))")
        }
    }

    @Test func neverGivesUpRemoval() {
        var row = readyRow
        row.attempts = 1000
        let error = AntidoteError(.backendRefused, "x")
        guard case .retry = machine.change(after: error, for: row, isEnding: true, jitter: 0) else {
            Issue.record("a removal was given up")
            return
        }
    }

    private var claim: ClaimRequest {
        ClaimRequest(
            worker: WorkerID(unchecked: "worker"),
            role: .scheduler,
            backends: [],
            limit: 1,
            leaseDuration: .seconds(15)
        )
    }

    private var readyRow: Environment {
        var row = Environment(
            admitting: AdmissionRequest(
                owner: OwnerID(unchecked: "owner"),
                source: EnvironmentSource(kind: "test", name: "x"),
                backend: BackendID(unchecked: "fake")
            ),
            id: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
            ticket: 1,
            now: .zero
        )
        row.take(claim, now: .zero)
        for change: EnvironmentChange in [
            .begin(incarnation: 1), .built(built(1, "a"), generation: 1, repaired: []), .configured(generation: 1),
        ] {
            _ = row.apply(change, now: .zero)
        }
        return row
    }

    private func built(_ incarnation: Int, _ identity: String) -> ProvisionedTopology {
        let id = TopologyID(
            instance: InstanceID(unchecked: "test"),
            store: StoreID(unchecked: "bbbbbbbbbbbbbbbb"),
            environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
            incarnation: incarnation
        )
        return ProvisionedTopology(
            id: id,
            endpoints: [ProvisionedEndpoint(name: "web", identity: identity, ports: [])]
        )
    }

    private func disturb(_ row: inout Environment, _ random: RandomSource, _ now: Timestamp) {
        switch Int(random.unit() * 40) {
        case 0 where row.phase.isShared: _ = row.request(revision: Int(random.unit() * 3), now: now)
        case 1 where row.wanted == .present: _ = row.requestRemoval(now)
        case 2: _ = row.note(.dead(["web"]), incarnation: row.incarnation)
        case 3: _ = row.note(.vanished, incarnation: row.incarnation - Int(random.unit() * 2))
        case 4: row.lastActivityAt = now
        default: break
        }
    }

    private func advance(
        _ row: inout Environment,
        _ step: EnvironmentMachine.Step,
        _ random: RandomSource,
        _ now: Timestamp
    ) {
        let isFailing = random.unit() < 0.2
        let error = AntidoteError(random.unit() < 0.5 ? .endpointNotReady : .backendUnavailable, "x")
        let change: EnvironmentChange? =
            switch step {
            case .rest, .wait: nil
            case .record(let change): change
            case _ where isFailing:
                machine.change(
                    after: error,
                    for: row,
                    isEnding: row.wanted == .absent || row.phase == .failed,
                    jitter: random.unit()
                )
            case .converge:
                .built(
                    built(row.incarnation, "\(random.next())"),
                    generation: row.generation,
                    repaired: row.troubled
                )
            case .configure: .configured(generation: row.generation)
            case .destroy(let incarnation): .destroyed(through: incarnation)
            }
        if let change { _ = row.apply(change, now: now) }
    }
}

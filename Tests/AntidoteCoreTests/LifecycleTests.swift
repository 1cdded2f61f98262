import Testing

@_spi(StoreKit) @testable import AntidoteCore

@Suite("The lifecycle")
struct LifecycleTests {
    static let policy = SchedulingPolicy()

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
            let evaluation = Lifecycle.evaluate(row, now: now, policy: Self.policy)
            let due = WorkerRole.allCases.contains {
                row.claimableAt(by: $0).map { $0 <= now } ?? false
            }
            #expect(due == evaluation.isDue)
            if case .rest = evaluation.step {
                #expect(!due, "due, and yet there is nothing to do: \(row)")
            } else {
                #expect(evaluation.role != nil, "there is \(evaluation.step) to do, and yet no role does it: \(row)")
            }
            if due, case .record(let change) = evaluation.step {
                var changed = row
                #expect(changed.apply(change, now: now) != nil, "decided, and then refused: \(change)")
                #expect(changed != row, "it would be decided again and again: \(change)")
            }
            if due { advance(&row, evaluation.step, random, now) }
            let rank = Phase.allCases.firstIndex(of: row.phase) ?? 0
            if seen.generation == row.generation, seen.incarnation == row.incarnation {
                #expect(rank >= seen.rank, "the phase went backwards: \(row)")
            }
            seen = (row.generation, row.incarnation, rank)
            #expect(row.observed.destroyedThrough <= row.observed.deadThrough)
            #expect(row.observed.deadThrough <= row.incarnation)
        }
    }

    @Test func recordsAnIncarnationDeadBeforeItIsDestroyed() {
        var row = readyRow
        row.apply(.remove, now: .zero)
        guard case .record(.abandon) = step(row) else {
            Issue.record("an incarnation was destroyed while it could be adopted")
            return
        }
        row.apply(.abandon, now: .zero)
        guard case .destroy(through: 1) = step(row) else {
            Issue.record("nothing was destroyed")
            return
        }
    }

    @Test func neverUsesAnIncarnationTwice() {
        var row = readyRow
        row.apply(.retry(after: .zero, generation: 1, because: AntidoteError(.endpointNotReady, "x")), now: .zero)
        row.apply(.destroyed(through: 1), now: .zero)
        guard case .record(.begin(incarnation: 2)) = step(row) else {
            Issue.record("the second incarnation was not begun")
            return
        }
    }

    @Test(arguments: AntidoteError.Code.all)
    func decidesByTheDispositionOfAnError(code: AntidoteError.Code) {
        let error = AntidoteError(code, "x")
        let change = Self.policy.change(after: error, for: readyRow, isEnding: false, jitter: 0)
        switch (change, error.disposition) {
        case (.retry(_, 1, let reason), .retry), (.retry(_, 1, let reason), .rebuild): #expect(reason.code == code)
        case (.fail(let reason, 1, LifecycleTests.policy.failedRetention), .permanent):
            #expect(reason.code == code)
        case (nil, .permanent): #expect(code == .authorityLost)
        default: Issue.record("\(code) led to \(String(describing: change))")
        }
    }

    @Test func neverGivesUpRemoval() {
        var row = readyRow
        row.attempts.count = 1000
        let error = AntidoteError(.backendRefused, "x")
        guard case .retry = Self.policy.change(after: error, for: row, isEnding: true, jitter: 0) else {
            Issue.record("a removal was given up")
            return
        }
    }

    private func step(_ row: Environment) -> Lifecycle.Step {
        Lifecycle.evaluate(row, now: .zero, policy: Self.policy).step
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
            row.apply(change, now: .zero)
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
        case 0: row.apply(.revise(to: Int(random.unit() * 3)), now: now)
        case 1: row.apply(.remove, now: now)
        case 2: row.apply(.report(.dead(["web"]), incarnation: row.incarnation), now: now)
        case 3: row.apply(.report(.vanished, incarnation: row.incarnation - Int(random.unit() * 2)), now: now)
        case 4: row.desired.lastActivityAt = now
        default: break
        }
    }

    private func advance(
        _ row: inout Environment,
        _ step: Lifecycle.Step,
        _ random: RandomSource,
        _ now: Timestamp
    ) {
        let isFailing = random.unit() < 0.2
        let error = AntidoteError(random.unit() < 0.5 ? .endpointNotReady : .backendUnavailable, "x")
        let change: EnvironmentChange? =
            switch step {
            case .rest: nil
            case .record(let change): change
            case _ where isFailing:
                Self.policy.change(
                    after: error,
                    for: row,
                    isEnding: row.wanted == .absent || row.phase == .failed,
                    jitter: random.unit()
                )
            case .converge:
                .built(
                    built(row.incarnation, "\(random.next())"),
                    generation: row.generation,
                    repaired: row.observed.troubled
                )
            case .configure: .configured(generation: row.generation)
            case .destroy(let incarnation): .destroyed(through: incarnation)
            }
        if let change { row.apply(change, now: now) }
    }
}

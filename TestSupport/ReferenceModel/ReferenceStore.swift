@_spi(StoreKit) package import AntidoteCore
import Synchronization

/// A slow and obvious store: the oracle of the model run in `StateStoreConformance`.
///
/// All other stores share the rules of AntidoteCore, so comparing them with each other cannot reveal a wrong rule. This
/// store states every rule a second time, with arrays and linear scans instead of indexes and counters.
///
/// It uses the core's values, such as `Environment`, `Claim` and `AntidoteError`, but never its rules. It never calls:
/// - the rules of transactions: `decide`, `WorkingSet`, `HeldCapacity`, `AdmissionLimits.check`;
/// - the rules of an environment: `apply`, `take`, `record`, `isHeld`, `isRunning`, `isUseWorthRecording`, `expiresAt`,
///   `holdsCapacity`, `claimableAt`, `awaitsCapacity`, `isOpen`, and `Lifecycle`;
/// - the rules of sessions, filters and sources: `isLive`, `end(at:)`, `accepts`, `RosterEntry(_:)`, `answer(to:)`;
/// - `InMemoryStateStore` and its parts.
///
/// A test reads these files and fails if one of these names occurs outside a comment.
package final class ReferenceStore: StateStore {
    package let id: StoreID
    package let answersAtOnce = true
    private let time: TimeSource
    private let random: RandomSource
    private let state: Mutex<ReferenceState>

    package init(time: TimeSource, random: RandomSource, limits: AdmissionLimits) {
        id = random.storeID()
        self.time = time
        self.random = random
        state = Mutex(ReferenceState(limits: limits))
    }

    package func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        let answer = try transaction { state, now in try carryOut(operation, in: &state, at: now) }
        guard let answer = answer as? Operation.Answer else {
            throw AntidoteError(.internalFault, "\(Operation.self) has another answer than the reference store gives")
        }
        return answer
    }

    private func carryOut(
        _ operation: any StoreOperation,
        in state: inout ReferenceState,
        at now: Timestamp
    ) throws -> any Sendable {
        switch operation {
        case let admit as Admit: try state.admit(admit.request, id: random.environmentID(), at: now)
        case let revise as Revise: try state.revise(revise.id, to: revise.revision, at: now)
        case let remove as Remove: state.remove(remove.id, at: now)
        case let use as Use: state.use(use.ids, at: now)
        case let report as Report: state.report(report.trouble, of: report.id, report.incarnation, at: now)
        case let claim as ClaimWork: state.claim(claim.request, recording: claim.record, at: now)
        case let changes as CommitChanges: changes.commits.map { state.commit($0, at: now) }
        case let renewal as RenewLeases: state.renew(renewal.held, for: renewal.duration, at: now)
        case let opening as OpenSession: try state.open(opening.request, id: random.sessionID(), at: now)
        case let change as SetPersistent: try state.setPersistent(change.isPersistent, change.session, at: now)
        case let ending as EndSession: state.endSession(ending.session, at: now)
        default: throw AntidoteError(.internalFault, "the reference store has no rule for \(type(of: operation))")
        }
    }

    func transaction<Answer>(
        _ body: (inout ReferenceState, Timestamp) throws -> sending Answer
    ) rethrows -> sending Answer {
        try state.withLock { try body(&$0, time.now()) }
    }
}

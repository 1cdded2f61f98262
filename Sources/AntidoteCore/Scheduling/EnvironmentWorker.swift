import ConcurrencyKit
import Synchronization

/// Claims due environments of one role and drives them, until it is cancelled or drained.
///
/// Workers of one role may be as many as like: the store decides who works on what.
struct EnvironmentWorker: Sendable {
    let id: WorkerID
    let role: WorkerRole
    let dependencies: WorkerDependencies
    /// Empty for a worker whose role makes no plans.
    let planners: PlannerRegistry
    let board: ProgressBoard
    /// How long a worker stays idle before it asks the store when the next environment is due.
    static let idleDelay = Duration.milliseconds(20)

    private let leases: LeaseTable
    private let shared = Shared()

    /// What the loops of one worker tell each other.
    private final class Shared: Sendable {
        let workWaits = WakeSignal()
        let renewalWanted = WakeSignal()
        let state = Mutex(State())

        struct State {
            var isDraining = false
            var active = 0
            /// What was heard of while a claim was under way: it may be about a row that is only just ours.
            var isClaiming = false
            var heard: Set<EnvironmentID> = []
            var toldOfIgnored: Duration?
        }
    }

    init(
        id: WorkerID,
        role: WorkerRole,
        dependencies: WorkerDependencies,
        planners: PlannerRegistry,
        board: ProgressBoard
    ) {
        self.id = id
        self.role = role
        self.dependencies = dependencies
        self.planners = planners
        self.board = board
        leases = LeaseTable(policy: dependencies.policy, time: dependencies.time)
    }

    /// Takes no new work; `run()` returns when what is under way is done.
    func drain() {
        shared.state.withLock { $0.isDraining = true }
        shared.workWaits.signal()
    }

    /// There may be work.
    func wake() { shared.workWaits.signal() }

    func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await renewLeases()
                return false
            }
            for pattern in subjects {
                group.addTask {
                    try await listen(to: pattern)
                    return false
                }
            }
            group.addTask {
                await claimAndDrive()
                return true
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    private var subjects: [(SubjectPattern, queue: String?)] {
        let subjects = Subjects(instance: dependencies.instance)
        let wake: [(SubjectPattern, queue: String?)] = [(SubjectPattern(subjects.wake(role)), nil)]
        guard role == .scheduler else { return wake }
        return wake
            + knownVocabularies.flatMap { vocabulary in
                [EnvironmentEvent.Kind.admitted, .revisionChanged].map {
                    (SubjectPattern(subjects.event($0, of: vocabulary)), role.rawValue)
                }
            }
    }

    /// The vocabularies of the kinds that this worker plans for.
    private var knownVocabularies: [any EventVocabulary] {
        dependencies.publisher.vocabularies.vocabularies(of: planners.kinds)
    }

    /// Without a bus the sweep finds all work: a subscription that fails is tried again, and ends nothing.
    private func listen(to source: (pattern: SubjectPattern, queue: String?)) async throws {
        while true {
            do {
                try await dependencies.publisher.bus.withSubscription(to: source.pattern, queue: source.queue) {
                    messages in
                    shared.workWaits.signal()
                    for await message in messages { hear(message) }
                }
            } catch {
                try Task.checkCancellation()
                dependencies.telemetry.warning("the bus cannot be listened to", ["error": "\(error)"])
            }
            try await dependencies.time.sleep(dependencies.policy.sweepInterval)
        }
    }

    private func hear(_ message: BusMessage) {
        switch BusSignal(message, instance: dependencies.instance, vocabularies: knownVocabularies) {
        case .none(let reason): return ignore(message, reason)
        case .somewhere: break
        // What is to be removed stays so: a collector has nothing to hear of what it holds.
        case .about where role == .collector: break
        case .about(let id):
            shared.state.withLock { _ = $0.isClaiming && $0.heard.insert(id).inserted }
            if leases.contains(id) { shared.renewalWanted.signal() }
        }
        shared.workWaits.signal()
    }

    /// Always counted, and said in the log once in a while: whoever talks here may talk a lot.
    private func ignore(_ message: BusMessage, _ reason: BusSignal.Reason) {
        dependencies.telemetry.count("antidote_ignored_messages", [("reason", reason.rawValue)])
        let now = dependencies.time.uptime()
        let isDue = shared.state.withLock { state in
            if let last = state.toldOfIgnored, now - last < .seconds(10) { return false }
            state.toldOfIgnored = now
            return true
        }
        guard isDue else { return }
        dependencies.telemetry.warning(
            "somebody else talks on the bus: what is no message of this installation is ignored",
            ["subject": message.subject, "reason": reason.rawValue]
        )
    }

    /// One statement for all leases, and at once when somebody changed what is wanted of one.
    private func renewLeases() async throws {
        while true {
            await shared.renewalWanted.wait(atMost: dependencies.policy.renewInterval, on: dependencies.time)
            try Task.checkCancellation()
            let fences = leases.fences
            guard !fences.isEmpty else { continue }
            let requested = dependencies.time.uptime()
            do {
                leases.renewed(
                    try await dependencies.store.ask {
                        try await $0.renew(fences, for: dependencies.policy.leaseDuration)
                    },
                    of: fences,
                    requested: requested
                )
            } catch {
                dependencies.telemetry.warning("leases could not be renewed", ["error": "\(error)"])
            }
        }
    }

    private func claimAndDrive() async {
        await withDiscardingTaskGroup { drives in
            while !Task.isCancelled, !shared.state.withLock({ $0.isDraining }) {
                do {
                    let free = shared.state.withLock { dependencies.policy.concurrency - $0.active }
                    let claims = free > 0 ? try await claim(free) : []
                    for claim in claims {
                        shared.state.withLock { $0.active += 1 }
                        drives.addTask { await drive(claim) }
                    }
                    // Who got less than there was room for got all that was due.
                    if claims.count < max(1, free) { try await waitForWork(isBusy: free <= 0) }
                } catch {
                    dependencies.telemetry.warning("no work could be claimed", ["error": "\(error)"])
                    await shared.workWaits.wait(atMost: dependencies.policy.sweepInterval, on: dependencies.time)
                }
            }
        }
    }

    private func claim(_ limit: Int) async throws -> [Claim] {
        let requested = dependencies.time.uptime()
        shared.state.withLock { $0.isClaiming = true }
        defer {
            shared.state.withLock {
                $0.isClaiming = false
                $0.heard = []
            }
        }
        let request = ClaimRequest(
            worker: id,
            role: role,
            backends: dependencies.backends.map(\.name),
            limit: limit,
            leaseDuration: dependencies.policy.leaseDuration
        )
        let claims = try await dependencies.store.write { [role, policy = dependencies.policy] in
            try await $0.claim(request) { Lifecycle.next(for: $0, as: role, now: $1, policy: policy).changes }
        }
        if !claims.isEmpty {
            dependencies.telemetry.count("antidote_claims", [("role", role.rawValue)], by: Int64(claims.count))
        }
        for claim in claims { leases.hold(claim, requested: requested) }
        let heard = shared.state.withLock { $0.heard }
        if claims.contains(where: { heard.contains($0.environment.id) }) { shared.renewalWanted.signal() }
        return claims
    }

    private func drive(_ claim: Claim) async {
        let isDueAgain = await Reconciler(
            role: role,
            dependencies: dependencies,
            planners: planners,
            leases: leases,
            board: board
        ).run(claim)
        let wasFull = shared.state.withLock { state in
            defer { state.active -= 1 }
            return state.active >= dependencies.policy.concurrency
        }
        // There is room for another one, or this one is due again sooner than anybody thought.
        if isDueAgain || wasFull { shared.workWaits.signal() }
    }

    private func waitForWork(isBusy: Bool) async throws {
        // The end of a drive is told: nothing else makes room.
        if isBusy { return await shared.workWaits.wait() }
        // Under load the next word comes at once, and nobody need know when something is due by itself.
        if await shared.workWaits.wait(atMost: Self.idleDelay, on: dependencies.time) { return }
        let due = try await dependencies.store.ask {
            try await $0.nextDue(for: role, on: dependencies.backends.map(\.name))
        }
        let limit = max(
            .milliseconds(1),
            min(due ?? dependencies.policy.sweepInterval, dependencies.policy.sweepInterval)
        )
        await shared.workWaits.wait(atMost: limit, on: dependencies.time)
    }
}

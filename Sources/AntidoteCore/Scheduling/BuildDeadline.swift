import Synchronization

/// Measures one attempt at building, with the time that goes into pulling images left out, up to a bound.
final class BuildDeadline: Sendable {
    private let policy: SchedulingPolicy
    private let time: TimeSource
    private let start: Duration
    private let pulls = Mutex(Pulls())

    private struct Pulls {
        var active: Set<String> = []
        var since: Duration = .zero
        var total: Duration = .zero
    }

    init(policy: SchedulingPolicy, time: TimeSource) {
        self.policy = policy
        self.time = time
        start = time.uptime()
    }

    func note(_ progress: BuildProgress) {
        guard case .endpoint(let name, let state) = progress else { return }
        let now = time.uptime()
        pulls.withLock { pulls in
            if case .pulling = state {
                if pulls.active.isEmpty { pulls.since = now }
                pulls.active.insert(name)
            } else if pulls.active.remove(name) != nil, pulls.active.isEmpty {
                pulls.total += now - pulls.since
            }
        }
    }

    /// What is left of the attempt.
    var remaining: Duration {
        let now = time.uptime()
        let pulled = pulls.withLock { $0.total + ($0.active.isEmpty ? .zero : now - $0.since) }
        return policy.provisionDeadline + min(pulled, policy.pullDeadline) - (now - start)
    }

    /// Throws `provisionDeadline` when nothing is left.
    func enforce() async throws -> Never {
        while remaining > .zero { try await time.sleep(max(remaining, .seconds(1))) }
        throw AntidoteError(
            .provisionDeadline,
            "it was not up after \(Int(policy.provisionDeadline.inSeconds)) seconds",
            recovery: "See which endpoint did not come up; raise provisionDeadline if it only needs more time."
        )
    }
}

/// The store's clock, as far as a worker can know it: the time of the store's last answer, and what has passed since.
///
/// A worker's own wall clock may be an hour off; it is never asked.
struct StoreClock: Sendable {
    private var answered: Timestamp
    private var uptime: Duration
    private let time: TimeSource

    init(_ answered: Timestamp, time: TimeSource) {
        self.answered = answered
        self.time = time
        uptime = time.uptime()
    }

    var now: Timestamp { answered + (time.uptime() - uptime) }
}

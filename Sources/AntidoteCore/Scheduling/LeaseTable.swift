import ConcurrencyKit
import Synchronization

/// What one worker holds, by its own monotonic clock: the source of every ``Authority`` that it hands out.
final class LeaseTable: Sendable {
    private let time: TimeSource
    private let policy: SchedulingPolicy
    private let held = Mutex<[EnvironmentID: Held]>([:])

    private struct Held {
        var fence: Fence
        var validUntil: Duration
        var generation: Int
        var isLost = false
        var interrupted: WakeSignal
    }

    init(policy: SchedulingPolicy, time: TimeSource) {
        self.policy = policy
        self.time = time
    }

    func contains(_ id: EnvironmentID) -> Bool { held.withLock { $0[id] != nil } }

    /// Takes up a claim that was asked for at `requested`: the lease cannot have begun before.
    func hold(_ claim: Claim, requested: Duration) {
        let before = held.withLock { held in
            let before = held[claim.environment.id]
            held[claim.environment.id] = Held(
                fence: claim.lease.fence,
                validUntil: validity(from: requested),
                generation: claim.environment.generation,
                interrupted: WakeSignal()
            )
            return before
        }
        before?.interrupted.signal()
    }

    /// What is held now: a renewal that is asked for after this answers for all of it, and for nothing else.
    var fences: [EnvironmentID: Fence] { held.withLock { $0.mapValues(\.fence) } }

    func release(_ id: EnvironmentID, _ fence: Fence) {
        held.withLock { if $0[id]?.fence == fence { $0[id] = nil } }
    }

    /// Takes in the answer to a renewal that was asked for at `requested`, when `fences` were held.
    func renewed(_ answers: [EnvironmentID: LeaseRenewal], of fences: [EnvironmentID: Fence], requested: Duration) {
        let interrupted = held.withLock { held in
            var interrupted: [WakeSignal] = []
            for id in held.keys.sorted() {
                guard var entry = held[id] else { continue }
                if let answer = answers[id], answer.fence == entry.fence {
                    entry.validUntil = validity(from: requested)
                    if answer.generation > entry.generation { interrupted.append(entry.interrupted) }
                    entry.generation = max(entry.generation, answer.generation)
                } else if fences[id] == entry.fence {
                    // It was held before the renewal was asked for, and is not ours any more.
                    entry.isLost = true
                    interrupted.append(entry.interrupted)
                }
                held[id] = entry
            }
            return interrupted
        }
        for signal in interrupted { signal.signal() }
    }

    /// The right to work on `id`, for as long as the lease is known to last.
    func authority(for id: EnvironmentID, _ fence: Fence) -> Authority {
        Authority(fence: fence) { [self] in
            guard isValid(id, fence) else {
                throw AntidoteError(.authorityLost, "the lease of environment \(id) is over", subject: id.rawValue)
            }
        }
    }

    /// Returns when the lease is lost or over, when a newer generation than `generation` is wanted, or on cancellation.
    func interruption(of id: EnvironmentID, _ fence: Fence, after generation: Int) async {
        while !Task.isCancelled {
            guard isValid(id, fence), let entry = held.withLock({ $0[id] }), entry.generation <= generation else {
                return
            }
            // By its own clock: a renewal that gets no answer must not keep the work going.
            await entry.interrupted.wait(atMost: entry.validUntil - time.uptime(), on: time)
        }
    }

    func isValid(_ id: EnvironmentID, _ fence: Fence) -> Bool {
        guard let entry = held.withLock({ $0[id] }) else { return false }
        return entry.fence == fence && !entry.isLost && time.uptime() < entry.validUntil
    }

    /// Whether it was held under `fence`, has not been released, and is not valid any more.
    func isOver(_ id: EnvironmentID, _ fence: Fence) -> Bool {
        guard held.withLock({ $0[id]?.fence }) == fence else { return false }
        return !isValid(id, fence)
    }

    /// A fifth of the lease is kept back, for clocks that run apart and calls that are on their way.
    private func validity(from requested: Duration) -> Duration { requested + policy.leaseDuration * 4 / 5 }
}

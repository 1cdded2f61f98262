/// Which part of the work a worker takes.
///
/// Not exhaustive: later releases add roles. A store keeps a due time for each role, so each new role changes every
/// store and its schema. Decoding an unknown one throws `unsupported`.
public enum WorkerRole: String, Sendable, Hashable, Codable, CaseIterable {
    /// Builds, configures, changes, repairs, and cleans up after failures.
    case scheduler
    /// Removes environments that are no longer wanted.
    case collector = "gc"

    public init(from decoder: any Decoder) throws { try self.init(known: "worker role", from: decoder) }
}

/// The right of one worker to change a row, for a while.
@_spi(StoreKit) public struct Lease: Sendable, Hashable, Codable {
    /// Who has the right.
    public var worker: WorkerID
    /// The number of this claim.
    public var fence: Fence
    /// By the store's clock.
    public var endsAt: Timestamp

    public init(worker: WorkerID, fence: Fence, endsAt: Timestamp) {
        self.worker = worker
        self.fence = fence
        self.endsAt = endsAt
    }
}

/// The number that makes a late writer fail: each claim of a row takes a higher one.
public struct Fence: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The number itself; 0 before the first claim.
    @_spi(StoreKit) public var rawValue: Int64

    /// The fence of that number.
    @_spi(StoreKit) public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public var description: String { String(rawValue) }

    public static func < (left: Fence, right: Fence) -> Bool { left.rawValue < right.rawValue }
}

extension Environment {
    /// Gives the row to a worker. A queued row has been granted capacity by then, and leaves the queue, unless a
    /// collector takes it to remove it.
    package mutating func take(_ request: ClaimRequest, now: Timestamp) {
        fence = Fence(fence.rawValue + 1)
        lease = Lease(worker: request.worker, fence: fence, endsAt: now + request.leaseDuration)
        if phase.awaitsCapacity, request.role == .scheduler {
            observed.phase = .initialized
            observed.phaseSince = now
            attempts.claims = 0
        }
        attempts.claims += 1
    }

    /// Whether the worker with `fence` may change it at `now`.
    func isHeld(under fence: Fence, at now: Timestamp) -> Bool {
        guard let lease else { return false }
        return lease.fence == fence && lease.endsAt > now
    }

    /// Applies all changes of a commit whose fence was checked.
    package mutating func record(_ commit: Commit, now: Timestamp) -> [EnvironmentEvent.Kind] {
        var kinds: [EnvironmentEvent.Kind] = []
        for change in commit.changes { kinds += apply(change, now: now) ?? [] }
        if commit.releases { lease = nil }
        return kinds
    }
}

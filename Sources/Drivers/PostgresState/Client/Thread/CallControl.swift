import Synchronization

/// Whether a caller still wants its answer, and until when it tries.
final class CallControl: Sendable {
    /// When trying again is over. What is under way then has its own deadline.
    let patience: ContinuousClock.Instant
    private let doorbell: Doorbell
    private let flag = Atomic(false)

    init(doorbell: Doorbell, patience: Duration) {
        self.doorbell = doorbell
        self.patience = .now.advanced(by: patience)
    }

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// From any thread.
    func cancel() {
        flag.store(true, ordering: .sequentiallyConsistent)
        doorbell.ring()
    }

    func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Blocks this thread. Ends early, by throwing, when the caller goes.
    func pause(_ duration: Duration) throws {
        let end = ContinuousClock.now.advanced(by: duration)
        repeat { try check() } while doorbell.wait(until: end) != .timedOut
        try check()
    }
}

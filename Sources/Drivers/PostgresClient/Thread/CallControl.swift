import Synchronization

/// Whether a caller still wants its answer, and until when it tries.
package final class CallControl: Sendable {
    /// When trying again is over. What is under way then has its own deadline.
    package let patience: ContinuousClock.Instant
    private let doorbell: Doorbell
    private let flag = Atomic(false)

    package init(doorbell: Doorbell, patience: Duration) {
        self.doorbell = doorbell
        self.patience = .now.advanced(by: patience)
    }

    package var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// From any thread.
    package func cancel() {
        flag.store(true, ordering: .sequentiallyConsistent)
        doorbell.ring()
    }

    package func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Blocks this thread. Ends early, by throwing, when the caller goes.
    package func pause(_ duration: Duration) throws {
        let end = ContinuousClock.now.advanced(by: duration)
        repeat { try check() } while doorbell.wait(until: end) != .timedOut
        try check()
    }
}

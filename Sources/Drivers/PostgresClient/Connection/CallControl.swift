package import ConcurrencyKit

/// Whether a caller still wants its answer, and until when it tries.
package final class CallControl: Sendable {
    /// When trying again is over. What is under way then has its own deadline.
    package let patience: ContinuousClock.Instant
    private let wakePipe: WakePipe
    private let flag = Flag()

    package init(wakePipe: WakePipe, patience: Duration) {
        self.wakePipe = wakePipe
        self.patience = .now.advanced(by: patience)
    }

    package var isCancelled: Bool { flag.isSet }

    /// From any thread.
    package func cancel() {
        flag.set()
        wakePipe.wake()
    }

    package func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Blocks this thread. Throws as soon as the caller is cancelled.
    package func pause(_ duration: Duration) throws {
        let end = ContinuousClock.now.advanced(by: duration)
        repeat { try check() } while wakePipe.wait(until: end) != .timedOut
        try check()
    }
}

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Wakes the one thread that waits here, which may wait for a descriptor at the same time.
///
/// A wake that comes before the wait is kept; several count as one.
package final class WakePipe: Sendable {
    /// Why a wait ended.
    package enum Outcome {
        /// The descriptor can be read or written, or has failed.
        case ready
        case woken
        case timedOut
    }

    private let readEnd: Int32
    private let writeEnd: Int32
    private let isAwake = Atomic(false)

    package init() throws(ThreadError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ThreadError(resource: .pipe, systemError: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Wakes the thread, from any other one.
    package func wake() {
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Blocks until a wake, until one of `events` of `descriptor` if there is one, or until `end`.
    package func wait(
        for descriptor: Int32 = -1,
        events: Int32 = 0,
        until end: ContinuousClock.Instant? = nil
    ) -> Outcome {
        var watched = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            // poll skips a negative descriptor.
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
        ]
        while true {
            let pause = end.map { Self.milliseconds(ContinuousClock.now.duration(to: $0)) } ?? -1
            let count = poll(&watched, 2, pause)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .ready }
            if watched[0].revents != 0 {
                var byte: UInt8 = 0
                _ = read(readEnd, &byte, 1)
                // Later wakes end the next wait; earlier ones are handled by this one.
                isAwake.store(false, ordering: .sequentiallyConsistent)
                return .woken
            }
            if watched[1].revents != 0 { return .ready }
            if let end, end <= .now { return .timedOut }
        }
    }

    /// Rounded up, so that a wait does not end just before its time and has to be repeated.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        guard duration > .zero else { return 0 }
        let (seconds, attoseconds) = duration.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

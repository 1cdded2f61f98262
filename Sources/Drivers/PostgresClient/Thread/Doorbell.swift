import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Wakes the one thread that waits here, which may wait for a socket at the same time.
///
/// A ring that comes before the wait is not lost; several are one.
package final class Doorbell: Sendable {
    /// Why a wait ended.
    package enum Outcome {
        /// The descriptor can be read or written, or has failed.
        case ready
        case rung
        case timedOut
    }

    private let near: Int32
    private let far: Int32
    private let isRung = Atomic(false)

    package init() throws(PostgresError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .noResources("no pipe", errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        near = ends[0]
        far = ends[1]
    }

    deinit {
        close(near)
        close(far)
    }

    package func ring() {
        guard !isRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 1
        _ = write(far, &byte, 1)
    }

    /// Waits for a ring, and for `events` of `descriptor` if there is one, until `end`.
    package func wait(
        for descriptor: Int32 = -1,
        events: Int32 = 0,
        until end: ContinuousClock.Instant? = nil
    ) -> Outcome {
        var watched = [
            pollfd(fd: near, events: Int16(POLLIN), revents: 0),
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
                _ = read(near, &byte, 1)
                // Whoever rings from now on is heard next time; who rang before finds its news looked at now.
                isRung.store(false, ordering: .sequentiallyConsistent)
                return .rung
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

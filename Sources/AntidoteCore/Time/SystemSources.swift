import ConcurrencyKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// The one file of the core that touches the machine's own clocks and random numbers.

extension TimeSource {
    /// The machine's own clocks.
    public static var system: TimeSource {
        let clock = ContinuousClock()
        let start = clock.now
        let uptime: @Sendable () -> Duration = { start.duration(to: clock.now) }
        let sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0, clock: clock) }
        return TimeSource(
            now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
            uptime: uptime,
            sleep: sleep,
            timers: TimerQueue(uptime: uptime, sleep: sleep)
        )
    }
}

extension RandomSource {
    /// The system's cryptographically secure source.
    public static var system: RandomSource {
        RandomSource {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What this process has used so far; of two of them the difference counts.
struct ProcessUsage {
    /// User and system time, in seconds.
    var cpu: Double
    /// How often a thread of it went to sleep and was woken.
    var wakeUps: Int
    /// Bytes of memory that are its own now; 0 where the system does not tell.
    var memory: Int

    static var now: ProcessUsage {
        var usage = rusage()
        getrusage(processItself, &usage)
        return ProcessUsage(
            cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wakeUps: Int(usage.ru_nvcsw),
            memory: residentBytes
        )
    }

    static func - (left: ProcessUsage, right: ProcessUsage) -> ProcessUsage {
        ProcessUsage(
            cpu: left.cpu - right.cpu,
            wakeUps: left.wakeUps - right.wakeUps,
            memory: left.memory - right.memory
        )
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }

    private static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    #if canImport(Darwin)
    private static var processItself: Int32 { RUSAGE_SELF }
    #else
    private static var processItself: Int32 { Int32(RUSAGE_SELF.rawValue) }
    #endif
}

/// Runs `operation`, and tells how long it took and what this process used meanwhile.
func metered<Value>(_ operation: () async throws -> Value) async rethrows -> (Value, seconds: Double, ProcessUsage) {
    let clock = ContinuousClock()
    let before = ProcessUsage.now
    let start = clock.now
    let value = try await operation()
    let elapsed = start.duration(to: clock.now)
    return (value, elapsed / .seconds(1), ProcessUsage.now - before)
}

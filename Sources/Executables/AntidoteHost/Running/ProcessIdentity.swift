import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One run of a program: what it makes is labelled with this, so that a later run can tell whether it still lives.
public struct ProcessIdentity: Sendable, Hashable, CustomStringConvertible {
    public var host: String
    public var pid: Int32
    /// When it started, in whatever unit its system counts: a number is used again, a number and a start are not.
    public var start: String

    /// This process.
    public static var current: ProcessIdentity {
        let pid = getpid()
        return ProcessIdentity(host: hostName, pid: pid, start: startTime(of: pid) ?? "unknown")
    }

    public init(host: String, pid: Int32, start: String) {
        self.host = host
        self.pid = pid
        self.start = start
    }

    /// `run/<host>/<pid>/<start>`; `nil` for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "run", let pid = Int32(parts[2]), pid > 0 else { return nil }
        self.init(host: String(parts[1]), pid: pid, start: String(parts[3]))
    }

    public var description: String { "run/\(host)/\(pid)/\(start)" }

    /// Whether it is known to have ended. What runs on another host is never known to have.
    public var hasEnded: Bool {
        guard host == ProcessIdentity.hostName else { return false }
        if kill(pid, 0) != 0, errno == ESRCH { return true }
        guard let running = ProcessIdentity.startTime(of: pid) else { return false }
        return running != start && start != "unknown"
    }

    private static var hostName: String {
        ProcessInfo.processInfo.hostName.replacingOccurrences(of: "/", with: "-")
    }

    private static func startTime(of pid: Int32) -> String? {
        #if os(Linux)
        // Field 22 of proc(5)'s stat; the name in field 2 may hold blanks and parentheses.
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")"),
            let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? "\(boot.prefix(8))-\(fields[19])" : nil
        #else
        var info = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        var name: [Int32] = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
        guard sysctl(&name, UInt32(name.count), &info, &size, nil, 0) == 0, size > 0 else { return nil }
        return "\(info.kp_proc.p_starttime.tv_sec).\(info.kp_proc.p_starttime.tv_usec)"
        #endif
    }
}

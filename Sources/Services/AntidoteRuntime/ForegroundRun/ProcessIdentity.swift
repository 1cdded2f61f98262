import AntidoteCore
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
        guard let running = ProcessIdentity.startTime(of: pid) else { return ProcessIdentity.isZombie(pid) }
        return running != start && start != "unknown"
    }

    private static var hostName: String {
        ProcessInfo.processInfo.hostName.replacingOccurrences(of: "/", with: "-")
    }

    #if os(Linux)
    /// The fields of proc(5)'s stat from the third on; the name in the second may hold blanks and parentheses.
    private static func stat(of pid: Int32) -> [Substring] {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return [] }
        return stat[stat.index(after: end)...].split(separator: " ")
    }

    /// It has ended, and its parent has not asked how.
    private static func isZombie(_ pid: Int32) -> Bool { stat(of: pid).first == "Z" }

    /// Field 22, with the boot that it counts from.
    private static func startTime(of pid: Int32) -> String? {
        let fields = stat(of: pid)
        guard fields.count > 19, fields[0] != "Z",
            let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        else { return nil }
        return "\(boot.prefix(8))-\(fields[19])"
    }
    #else
    private static func isZombie(_ pid: Int32) -> Bool { false }

    private static func startTime(of pid: Int32) -> String? {
        var info = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.stride
        var name: [Int32] = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
        guard sysctl(&name, UInt32(name.count), &info, &size, nil, 0) == 0, size > 0 else { return nil }
        return "\(info.kp_proc.p_starttime.tv_sec).\(info.kp_proc.p_starttime.tv_usec)"
    }
    #endif
}

/// Removes the labs of runs that ended without being able to: killed, or cut off from their engine.
struct AbandonedRuns: Sendable {
    /// The backend as the run that is over had it: none removes what another store made.
    let backend: @Sendable (InstanceID, StoreID) throws -> any OwnerListingBackend

    /// Returns what it removed. Labs of living runs, of other hosts, and of services are not touched.
    func remove(listedBy lister: any OwnerListingBackend) async throws -> [TopologyID] {
        let abandoned = try await lister.inventoryOfAllInstances().filter { entry in
            entry.owner.flatMap(ProcessIdentity.init(_:))?.hasEnded ?? false
        }
        for entry in abandoned {
            try await backend(entry.id.instance, entry.id.store).destroy(entry.id, under: .unlimited)
        }
        return abandoned.map(\.id)
    }
}

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What another process has used so far, where the system tells.
struct ServiceUsage {
    /// User and system time, in seconds.
    var cpu = 0.0
    /// Resident bytes now.
    var memory = 0.0

    init(of pid: pid_t) {
        // The name of the program, in parentheses, may hold anything.
        if let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        {
            let fields = text[text.index(after: end)...].split(separator: " ")
            if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
                cpu = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
            }
        }
        if let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8) {
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
            memory = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        }
    }
}

extension ServiceUsage {
    /// The processor time of the children that `pid` has now, in seconds.
    static func cpuOfChildren(of pid: pid_t) -> Double {
        let path = "/proc/\(pid)/task/\(pid)/children"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
        return text.split(separator: " ").compactMap { pid_t($0) }.map { ServiceUsage(of: $0).cpu }.reduce(0, +)
    }
}

extension [Installation.Program: ServiceUsage] {
    var cpu: Double { values.map(\.cpu).reduce(0, +) }
    var memory: Double { values.map(\.memory).reduce(0, +) }

    /// The processor time of each since `before`, divided by `count`.
    func text(since before: Self, for count: Int) -> String {
        Installation.Program.allCases.map { program in
            let spent = (self[program]?.cpu ?? 0) - (before[program]?.cpu ?? 0)
            return "\(program.rawValue) \((spent / Double(Swift.max(1, count))).asTime)"
        }.joined(separator: ", ")
    }
}

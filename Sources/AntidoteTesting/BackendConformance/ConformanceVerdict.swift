#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What ``BackendConformance`` found: for people as ``text``, for programs as ``json()``.
public struct ConformanceVerdict: Sendable, Codable {
    /// As the subject calls itself.
    public var backend: String
    /// In the order of the suite.
    public var cases: [Finding]

    /// What became of one case.
    public struct Finding: Sendable, Codable {
        /// `area/name`.
        public var id: String
        /// What must hold.
        public var rule: String
        /// How it ended.
        public var outcome: Outcome
        /// Why it failed, or why it could not be asked.
        public var reason: String?
        /// Seconds.
        public var time: Double
    }

    /// How a case ended.
    public enum Outcome: String, Sendable, Codable {
        /// What must hold holds.
        case passed
        /// It does not; the reason says what was found.
        case failed
        /// The backend says that it cannot, or the surroundings lack what the case needs. Never a pass.
        case notAble
    }

    /// The cases that ended so.
    public func findings(_ outcome: Outcome) -> [Finding] { cases.filter { $0.outcome == outcome } }

    /// Nothing failed. What could not be asked is in ``findings(_:)``.
    public var holds: Bool { findings(.failed).isEmpty && !findings(.passed).isEmpty }

    /// For people: the numbers, and every case that did not pass with its reason.
    public var text: String {
        let failed = findings(.failed)
        let notAble = findings(.notAble)
        var lines = [
            "\(backend): \(findings(.passed).count) passed, \(failed.count) failed, \(notAble.count) not able"
        ]
        for finding in failed {
            lines.append("  FAILED    \(finding.id): \(finding.rule)")
            lines.append("            \(finding.reason ?? "")")
        }
        for finding in notAble { lines.append("  not able  \(finding.id): \(finding.reason ?? "")") }
        return lines.joined(separator: "\n")
    }

    /// For programs: everything, with stable keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

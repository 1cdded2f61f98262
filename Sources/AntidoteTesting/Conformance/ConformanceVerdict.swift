#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a conformance suite found: for people as ``text``, for programs as ``json()``.
public struct ConformanceVerdict: Sendable {
    /// What kind of part was tried.
    public var kind: Kind
    /// As the subject calls itself.
    public var subject: String
    /// In the order of the suite.
    public var cases: [Finding]

    /// What a suite tries. In JSON it is the key of the subject's name.
    public enum Kind: String, Sendable, CaseIterable, CodingKey {
        /// By ``BackendConformance``.
        case backend
        /// By ``StateStoreConformance``.
        case store
        /// By ``EventBusConformance``.
        case bus
    }

    /// The subject of a verdict about a backend.
    public var backend: String { subject }

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
            "\(subject): \(findings(.passed).count) passed, \(failed.count) failed, \(notAble.count) not able"
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

extension ConformanceVerdict: Codable {
    private enum Key: String, CodingKey {
        case cases
    }

    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: Kind.self)
        kind = names.allKeys.first ?? .backend
        subject = try names.decode(String.self, forKey: kind)
        cases = try decoder.container(keyedBy: Key.self).decode([Finding].self, forKey: .cases)
    }

    public func encode(to encoder: any Encoder) throws {
        var names = encoder.container(keyedBy: Kind.self)
        try names.encode(subject, forKey: kind)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(cases, forKey: .cases)
    }
}

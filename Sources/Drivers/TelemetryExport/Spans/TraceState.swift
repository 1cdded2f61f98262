/// What other tracing systems pass along with a trace (`tracestate`): checked and never looked into.
public struct TraceState: Sendable, Hashable, CustomStringConvertible {
    /// As it came, without spaces at its ends.
    public let description: String

    /// Nothing.
    public static let empty = TraceState(unchecked: "")

    /// The longest one that is passed on, in bytes, and how many members it may have: W3C's own limits.
    private static let longest = 512
    private static let mostMembers = 32

    private init(unchecked text: String) { description = text }

    /// A list that follows the standard; `nil` for anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        var keys: Set<String> = []
        var members: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: true) {
            let member = Self.trimmed(part)
            if member.isEmpty { continue }
            guard let equals = member.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let key = member[..<equals]
            guard Self.isKey(key.utf8), Self.isValue(member[member.utf8.index(after: equals)...].utf8),
                keys.insert(String(key)).inserted
            else { return nil }
            members.append(String(member))
        }
        guard members.count <= Self.mostMembers else { return nil }
        description = members.joined(separator: ",")
    }

    /// Whether there is nothing to pass along.
    public var isEmpty: Bool { description.isEmpty }

    private static func trimmed(_ part: Substring) -> Substring {
        var part = part
        while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return part
    }

    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        guard let first = key.first, key.count <= 256, isLetterOrDigit(first) else { return false }
        return key.allSatisfy { isLetterOrDigit($0) || "_-*/@".utf8.contains($0) }
    }

    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        (1...256).contains(value.count) && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

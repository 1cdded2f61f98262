/// A name with a fixed alphabet that is safe to use in provider names, labels, subjects and URLs.
///
/// Each kind of identifier is a type of its own, so that an owner cannot be passed where an environment is meant.
public protocol StringIdentifier: RawRepresentable<String>, Hashable, Comparable, Codable, Sendable,
    CustomStringConvertible
{
    /// Which texts are identifiers of this kind.
    static var rule: IdentifierRule { get }
    /// The identifier as it is, for texts that are known to keep the rule.
    init(unchecked rawValue: String)
}

extension StringIdentifier {
    /// `nil` if `rawValue` breaks the rule of this identifier.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.init(unchecked: rawValue)
    }

    /// Throws ``AntidoteError`` with the code `invalidIdentifier`, which names the rule.
    public init(validating text: String) throws {
        guard Self.isValid(text) else {
            throw AntidoteError(
                .invalidIdentifier,
                "“\(text.prefix(64))” is not a valid \(Self.self)",
                recovery: "Use \(Self.rule.words)."
            )
        }
        self.init(unchecked: text)
    }

    /// Reads a text. Throws ``AntidoteError`` with the code `invalidIdentifier` for one that breaks the rule.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        try self.init(validating: text)
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The alphabets that identifiers are made of.
enum Alphabet {
    static let base32 = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func isLowercase(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    static func isBase32(_ byte: UInt8) -> Bool {
        isLowercase(byte) || (byte >= UInt8(ascii: "2") && byte <= UInt8(ascii: "7"))
    }
    static func isName(_ byte: UInt8) -> Bool { isLowercase(byte) || isDigit(byte) || byte == UInt8(ascii: "-") }
    static func isPrintable(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A 128-bit fingerprint that tells one specification from another. Not for security: it is easy to
/// forge, and what it is made of can be guessed from it. It is written where everybody reads it, so never of a secret.
public struct ContentDigest: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 32 hexadecimal digits.
    public let description: String

    init(high: UInt64, low: UInt64) {
        description = ContentDigest.hexadecimal(high) + ContentDigest.hexadecimal(low)
    }

    /// `nil` unless `description` is 32 hexadecimal digits in lower case, as read from a label.
    public init?(_ description: String) {
        let digits = description.utf8
        guard digits.count == 32, digits.allSatisfy({ Alphabet.isDigit($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        self.description = description
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = ContentDigest(text) else {
            throw AntidoteError(.invalidIdentifier, "“\(text.prefix(64))” is not a digest")
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Two lanes of FNV-1a with different offsets, over length-prefixed parts.
///
/// By hand because the core has no cryptography dependency, and `Hasher` differs from process to process.
package struct DigestBuilder {
    private var high: UInt64 = 0xCBF2_9CE4_8422_2325
    private var low: UInt64 = 0x6C62_272E_07BB_0142

    package init() {}

    package mutating func add(_ bytes: some Collection<UInt8>) {
        add(UInt64(bytes.count))
        for byte in bytes { mix(byte) }
    }

    package mutating func add(_ text: String) { add(Array(text.utf8)) }

    package mutating func add(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    package func finish() -> ContentDigest { ContentDigest(high: high, low: low) }

    private mutating func mix(_ byte: UInt8) {
        high = (high ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        low = (low &+ UInt64(byte) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        low ^= low >> 29
    }
}

extension ContentDigest {
    /// A fingerprint of what `value` encodes to: equal for equal values in any process.
    ///
    /// For backends, whose own settings decide beside the topology what is built.
    public init(of value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var builder = DigestBuilder()
        builder.add(try encoder.encode(value))
        self = builder.finish()
    }
}

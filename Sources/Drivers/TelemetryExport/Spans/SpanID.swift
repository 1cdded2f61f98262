public import AntidoteCore

/// The id of one span: 64 bits, never zero.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    let bits: UInt64

    init?(bits: UInt64) {
        guard bits != 0 else { return nil }
        self.bits = bits
    }

    /// A new id.
    public init(from random: RandomSource) {
        bits = max(random.next(), 1)
    }

    /// The id that is written as these 16 digits; `nil` for anything else.
    init?(hex: Substring.UTF8View) {
        guard hex.count == 16, let bits = UInt64(lowerHex: hex) else { return nil }
        self.init(bits: bits)
    }

    /// 16 lower-case hexadecimal digits.
    public var description: String { bits.lowerHex }
}

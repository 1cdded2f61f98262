public import AntidoteCore

/// The id that all spans of one request share: 128 bits, never all zero.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    /// The first half as it is written.
    let high: UInt64
    /// The second half, of which the last 56 bits decide about sampling.
    let low: UInt64

    init?(high: UInt64, low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// A new id.
    public init(from random: RandomSource) {
        high = random.next()
        let low = random.next()
        // Zero is not an id, and a source that gives nothing else must not hang us.
        self.low = high == 0 ? max(low, 1) : low
    }

    /// The id that is written as these 32 digits; `nil` for anything else.
    init?(hex: Substring.UTF8View) {
        guard hex.count == 32, let high = UInt64(lowerHex: hex.prefix(16)), let low = UInt64(lowerHex: hex.suffix(16))
        else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { high.lowerHex + low.lowerHex }
}

extension UInt64 {
    /// The number that 1 to 16 lower-case digits write; W3C's trace context knows no capitals.
    init?(lowerHex digits: Substring.UTF8View) {
        guard (1...16).contains(digits.count) else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        self = value
    }

    /// 16 lower-case digits.
    var lowerHex: String {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * $0)) }
        return String(decoding: bytes.lowerHex, as: UTF8.self)
    }
}

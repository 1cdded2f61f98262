/// A range of IPv4 addresses in CIDR notation, such as `10.10.0.0/24`.
public struct IPv4Subnet: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The first address; its host bits are zero.
    public let base: IPv4Address
    /// Number of fixed leading bits, 0 to 32.
    public let prefixLength: Int

    /// `nil` unless the prefix fits and the host bits of `base` are zero.
    public init?(base: IPv4Address, prefixLength: Int) {
        guard (0...32).contains(prefixLength), base.bits & ~IPv4Subnet.mask(prefixLength) == 0 else { return nil }
        self.base = base
        self.prefixLength = prefixLength
    }

    /// `address/prefix`; `nil` for anything else, host bits that are set included.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPv4Address(String(parts[0])), (1...2).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy(Alphabet.isDigit), let length = Int(parts[1]),
            parts[1].utf8.count == 1 || parts[1].utf8.first != UInt8(ascii: "0")
        else { return nil }
        self.init(base: base, prefixLength: length)
    }

    public var description: String { "\(base)/\(prefixLength)" }

    /// The last address of the range.
    package var last: IPv4Address { IPv4Address(bits: base.bits | ~IPv4Subnet.mask(prefixLength)) }

    /// How many hosts can have an address here, network and broadcast address left out.
    package var hostCount: Int { prefixLength >= 31 ? 0 : (1 << (32 - prefixLength)) - 2 }

    /// The `index`th host address, counted from 1; `nil` beyond the end.
    package func host(_ index: Int) -> IPv4Address? {
        guard index >= 1, index <= hostCount else { return nil }
        return IPv4Address(bits: base.bits + UInt32(index))
    }

    /// Whether the address is in the range.
    package func contains(_ address: IPv4Address) -> Bool {
        address.bits & IPv4Subnet.mask(prefixLength) == base.bits
    }

    /// Whether any address is in both ranges.
    public func overlaps(_ other: IPv4Subnet) -> Bool { contains(other.base) || other.contains(base) }

    private static func mask(_ length: Int) -> UInt32 { length == 0 ? 0 : ~UInt32(0) << UInt32(32 - length) }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let subnet = IPv4Subnet(text) else {
            throw AntidoteError(.invalidTopology, "“\(text.prefix(40))” is not an IPv4 subnet")
        }
        self = subnet
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

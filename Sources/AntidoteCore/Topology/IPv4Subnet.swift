/// A range of IPv4 addresses: `10.1.0.0/24`.
public struct IPv4Subnet: Sendable, Hashable, LosslessStringConvertible {
    /// The first address of the range.
    public let network: IPv4Address
    /// How many leading bits all its addresses share: 0 to 32.
    public let prefixLength: Int

    /// The range of `prefixLength` that `address` is in; `nil` when the length is not one of 0 to 32.
    public init?(containing address: IPv4Address, prefixLength: Int) {
        guard (0...32).contains(prefixLength) else { return nil }
        self.network = IPv4Address(rawValue: address.rawValue & Self.mask(prefixLength))
        self.prefixLength = prefixLength
    }

    /// Reads `ADDRESS/LENGTH`. Bits of the address beyond the length are dropped: `10.1.0.7/24` is `10.1.0.0/24`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(String(parts[0])),
            let length = IPv4Address.decimal(parts[1].utf8, upTo: 32)
        else { return nil }
        self.init(containing: address, prefixLength: Int(length))
    }

    public var description: String { "\(network)/\(prefixLength)" }

    /// The last address of the range.
    public var last: IPv4Address { IPv4Address(rawValue: network.rawValue | ~Self.mask(prefixLength)) }

    /// How many machines fit: the first and the last address are not theirs, except in ranges of one or two.
    public var hostCount: Int {
        let size = 1 << (32 - prefixLength)
        return size > 2 ? size - 2 : size
    }

    /// The address of the machine numbered `index` from 0; `nil` when it does not fit.
    public func host(_ index: Int) -> IPv4Address? {
        guard (0..<hostCount).contains(index) else { return nil }
        return IPv4Address(rawValue: network.rawValue + UInt32(index) + (prefixLength < 31 ? 1 : 0))
    }

    public func contains(_ address: IPv4Address) -> Bool { (network...last).contains(address) }

    public func contains(_ other: IPv4Subnet) -> Bool {
        prefixLength <= other.prefixLength && contains(other.network)
    }

    public func overlaps(_ other: IPv4Subnet) -> Bool { network <= other.last && other.network <= last }

    private static func mask(_ length: Int) -> UInt32 { length == 0 ? 0 : ~0 << UInt32(32 - length) }
}

extension IPv4Subnet: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let subnet = IPv4Subnet(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an IPv4 subnet")
        }
        self = subnet
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

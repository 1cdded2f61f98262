import AntidoteCore

/// Addresses with the same beginning, such as `10.0.0.0/8`, or a single one.
public struct AddressBlock: Sendable, Hashable {
    private let prefix: [UInt8]
    private let length: Int

    /// Reads an address, or an address with the number of bits that count. Throws `configurationInvalid`.
    public init(validating text: String) throws {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { throw AddressBlock.invalid(text) }
        let most = address.bytes.count * 8
        guard let length = parts.count > 1 ? Int(parts[1]) : most, (0...most).contains(length) else {
            throw AddressBlock.invalid(text)
        }
        prefix = address.bytes
        self.length = length
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        let (whole, rest) = length.quotientAndRemainder(dividingBy: 8)
        guard address.bytes[..<whole] == prefix[..<whole] else { return false }
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return address.bytes[whole] & mask == prefix[whole] & mask
    }

    private static func invalid(_ text: String) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "“\(text.prefix(64))” is neither an address nor a block of addresses",
            recovery: "Write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32."
        )
    }
}

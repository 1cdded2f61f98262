import AntidoteCore

/// Ranges of IPv4 addresses that are set apart.
enum SubnetRanges {
    /// “This” network, loopback, link-local (where clouds keep their metadata), multicast and what is beyond it.
    static let reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"]
        .compactMap { IPv4Subnet($0) }

    /// Private ones, carriers' own, and those for documentation and for benchmarks.
    static let free = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.2.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24",
    ].compactMap { IPv4Subnet($0) }
}

extension IPv4Subnet {
    /// The range of `prefixLength` that `address` is in.
    init?(containing address: IPv4Address, prefixLength: Int) {
        guard (0...32).contains(prefixLength) else { return nil }
        let mask: UInt32 = prefixLength == 0 ? 0 : ~0 << UInt32(32 - prefixLength)
        self.init(base: IPv4Address(bits: address.bits & mask), prefixLength: prefixLength)
    }
}

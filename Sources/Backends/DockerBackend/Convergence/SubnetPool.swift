import AntidoteCore

/// Chooses subnets for the networks of labs.
///
/// What is in use is the engine's to know: this only proposes, and the engine may refuse.
struct SubnetPool: Sendable, Hashable {
    /// First address and prefix length of the range.
    let base: IPv4Address
    let prefixLength: Int

    /// 10.213.0.0/16: 4,096 networks of 14 hosts, in a range that no common tool takes by itself.
    static let standard = SubnetPool(base: IPv4Address(bits: 10 << 24 | 213 << 16), prefixLength: 16)

    init(base: IPv4Address, prefixLength: Int) {
        self.base = base
        self.prefixLength = prefixLength
    }

    init(_ range: IPv4Subnet) { self.init(base: range.base, prefixLength: range.prefixLength) }

    /// The smallest network, as a prefix length, that holds `hosts` beside its network, broadcast and gateway
    /// addresses.
    static func prefixLength(forHosts hosts: Int) -> Int {
        var length = 29
        while length > 8, (1 << (32 - length)) - 3 < hosts { length -= 1 }
        return length
    }

    /// Up to `limit` free subnets, beginning at a place that `seed` decides, so that many choosers seldom meet.
    func candidates(prefixLength wanted: Int, avoiding used: [IPv4Subnet], seed: UInt64, limit: Int) -> [IPv4Subnet] {
        guard wanted >= prefixLength, wanted <= 30 else { return [] }
        let count = UInt64(1) << UInt64(wanted - prefixLength)
        let relevant = used.filter { overlaps($0) }
        var found: [IPv4Subnet] = []
        var step: UInt64 = 0
        while step < count, found.count < limit {
            let index = (seed % count + step) % count
            step += 1
            let first = IPv4Address(bits: base.bits | UInt32(index << UInt64(32 - wanted)))
            guard let subnet = IPv4Subnet(base: first, prefixLength: wanted) else { continue }
            if !relevant.contains(where: subnet.overlaps) { found.append(subnet) }
        }
        return found
    }

    func overlaps(_ subnet: IPv4Subnet) -> Bool {
        guard let range = IPv4Subnet(base: base, prefixLength: prefixLength) else { return false }
        return range.overlaps(subnet)
    }
}

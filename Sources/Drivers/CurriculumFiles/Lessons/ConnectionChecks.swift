import AntidoteCore
import AntidoteLessons

/// Looks at the connections of one lesson, and reads their subnets.
struct ConnectionChecks {
    private struct Pair: Hashable {
        var a: String
        var b: String
    }

    var findings: Findings

    /// The connections that are in order.
    mutating func check(_ draft: LessonDraft) -> [LessonConnection] {
        let endpoints = Set(draft.endpoints.compactMap { $0.name?.value })
        var pairs: Set<Pair> = []
        var subnets: [Located<IPv4Subnet>] = []
        var connections: [LessonConnection] = []
        for connection in draft.connections {
            guard let a = connection.a, let b = connection.b else { continue }
            for end in [a, b] where !endpoints.contains(end.value) { reportUnknown(end, endpoints) }
            let pair = Pair(a: a.value, b: b.value)
            if a.value == b.value {
                findings.add(.connectionSelf, at: b.location, "“\(a.value.prefix(80))” is connected to itself")
            } else if !pairs.insert(pair).inserted {
                let message = "“\(a.value.prefix(80))” and “\(b.value.prefix(80))” are connected already"
                findings.add(.connectionDuplicate, at: connection.location, message)
            } else if pairs.contains(Pair(a: b.value, b: a.value)) {
                let message = "“\(a.value.prefix(80))” and “\(b.value.prefix(80))” are connected the other way already"
                findings.add(.connectionParallel, at: connection.location, message)
            }
            let subnet = connection.subnet.flatMap { read(subnet: $0) }
            if let subnet { subnets.append(subnet) }
            connections.append(LessonConnection(a: a.value, b: b.value, subnet: subnet?.value))
        }
        reportOverlaps(subnets)
        return connections
    }

    private mutating func reportUnknown(_ end: Located<String>, _ endpoints: Set<String>) {
        let near = findings.isFull ? nil : NearestWord.to(end.value, among: endpoints.sorted())
        findings.add(
            .connectionEndpointUnknown,
            at: end.location,
            "there is no endpoint “\(end.value.prefix(80))”",
            advice: near.map { "Did you mean “\($0)”?" }
        )
    }

    private mutating func read(subnet text: Located<String>) -> Located<IPv4Subnet>? {
        let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(String(parts[0])),
            let length = IPv4Subnet("0.0.0.0/\(parts[1])")?.prefixLength,
            let subnet = IPv4Subnet(containing: address, prefixLength: length)
        else {
            findings.add(.subnetInvalid, at: text.location, "“\(text.value.prefix(80))” is not an IPv4 subnet")
            return nil
        }
        if subnet.base != address {
            let message = "“\(text.value)” is not the first address of its subnet"
            findings.add(.subnetHostBits, at: text.location, message, advice: "Write “\(subnet)”.")
        }
        if SubnetRanges.reserved.contains(where: subnet.overlaps) {
            findings.add(.subnetReserved, at: text.location, "“\(subnet)” touches addresses that no link can have")
        } else if subnet.hostCount < 2 {
            findings.add(.subnetTooSmall, at: text.location, "“\(subnet)” has no room for two endpoints")
        } else if !SubnetRanges.free.contains(where: { $0.contains(subnet.base) && $0.contains(subnet.last) }) {
            findings.add(.subnetPublic, at: text.location, "“\(subnet)” takes addresses of the internet")
        }
        return Located(value: subnet, location: text.location)
    }

    /// In the order of their addresses, a subnet that shares any with an earlier one begins before that one ends.
    private mutating func reportOverlaps(_ subnets: [Located<IPv4Subnet>]) {
        let sorted = subnets.sorted { ($0.value.base, $0.location) < ($1.value.base, $1.location) }
        var furthest: Located<IPv4Subnet>?
        for subnet in sorted {
            if let other = furthest, subnet.value.base <= other.value.last {
                let (first, second) = other.location < subnet.location ? (other, subnet) : (subnet, other)
                let message = "“\(second.value)” shares addresses with “\(first.value)” in line \(first.location.line)"
                findings.add(.subnetOverlap, at: second.location, message)
            }
            if furthest.map({ $0.value.last < subnet.value.last }) ?? true { furthest = subnet }
        }
    }
}

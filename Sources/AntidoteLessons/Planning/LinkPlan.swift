import AntidoteCore

/// Gives the connections of a lesson their subnets, addresses and interface names.
///
/// In lesson order, so that the same lesson always gets the same ones.
struct LinkPlan {
    private(set) var connections: [Connection] = []
    private var interfaces: [String: InterfaceNames] = [:]

    init(_ edition: LessonEdition) throws {
        let lesson = edition.lesson
        let order = lesson.endpoints.map(\.name)
        for endpoint in lesson.endpoints {
            interfaces[endpoint.name] = InterfaceNames(preferred: try edition.image(of: endpoint).networkInterfaces)
        }
        var taken = lesson.connections.compactMap(\.subnet)
        for (index, link) in lesson.connections.enumerated() {
            let subnet = try link.subnet ?? LinkPlan.freeSubnet(besides: taken)
            if link.subnet == nil { taken.append(subnet) }
            let ends = [link.a, link.b].sorted { order.firstIndex(of: $0) ?? 0 < order.firstIndex(of: $1) ?? 0 }
            // The first address is left to a gateway, where there is room for one.
            let first = subnet.hostCount > 2 ? 2 : 1
            var attachments: [Connection.Attachment] = []
            for (offset, end) in ends.enumerated() {
                guard let address = subnet.host(first + offset) else {
                    throw AntidoteError(
                        .curriculumInvalid,
                        "the subnet \(subnet) has no room for two endpoints",
                        recovery: "Use a /30 or larger.",
                        subject: "\(link.a)-\(link.b)"
                    )
                }
                let name = interfaces[end]?.next() ?? "net\(index)"
                attachments.append(Connection.Attachment(endpoint: end, address: address, interface: name))
            }
            connections.append(
                Connection(name: "\(index)-\(link.a)-\(link.b)", subnet: subnet, attachments: attachments)
            )
        }
    }

    private static func freeSubnet(besides taken: [IPv4Subnet]) throws -> IPv4Subnet {
        // 10.200, and where an author has taken all of that, 172.30 and 192.168.
        for start in [10 << 24 | 200 << 16, 172 << 24 | 30 << 16, 192 << 24 | 168 << 16] as [UInt32] {
            for third in UInt32(0)...255 {
                let base = IPv4Address(bits: start | third << 8)
                if let subnet = IPv4Subnet(base: base, prefixLength: 24), !taken.contains(where: subnet.overlaps) {
                    return subnet
                }
            }
        }
        throw AntidoteError(
            .curriculumInvalid,
            "there are too many connections without a subnet",
            recovery: "Give some."
        )
    }
}

/// The image's own names first, then `net0`, `net1` … without those that are taken.
private struct InterfaceNames {
    private var preferred: ArraySlice<String>
    private var taken: Set<String>
    private var count = 0

    init(preferred: [String]) {
        var seen: Set<String> = []
        self.preferred = preferred.filter { seen.insert($0).inserted }[...]
        taken = seen
    }

    mutating func next() -> String {
        if let name = preferred.popFirst() {
            count += 1
            return name
        }
        while true {
            let name = "net\(count)"
            count += 1
            if taken.insert(name).inserted { return name }
        }
    }
}

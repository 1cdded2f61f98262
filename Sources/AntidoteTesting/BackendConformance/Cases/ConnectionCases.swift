import AntidoteCore

extension ConformanceCase {
    static let connectionCases: [ConformanceCase] = [
        ConformanceCase(
            .connections,
            "addresses",
            "machines have the author's addresses on the author's interfaces",
            needs: linked
        ) {
            world in
            let lab = try await linkedLab(world)
            try require(
                await world.ask(.interface("net1"), in: lab.id, at: "a"),
                is: "10.7.7.1/24",
                "the interface of a"
            )
            try require(
                await world.ask(.interface("net1"), in: lab.id, at: "b"),
                is: "10.7.7.2/24",
                "the interface of b"
            )
        },
        ConformanceCase(.connections, "reach", "machines reach each other by the author's addresses", needs: linked) {
            world in
            let lab = try await linkedLab(world)
            try require(await world.ask(.get("10.7.7.2", 80), in: lab.id, at: "a"), is: "b", "the page of b")
        },
        ConformanceCase(.connections, "names", "machines with a connection are still found by name", needs: linked) {
            world in
            let lab = try await linkedLab(world)
            try require(await world.ask(.get("b", 80), in: lab.id, at: "a"), is: "b", "the page of b")
            try require(await world.ask(.get("a", 80), in: lab.id), is: "a", "the page of a, from a job")
        },
        ConformanceCase(
            .connections,
            "private",
            "a machine that is not attached does not reach the connection",
            needs: linked
        ) {
            world in
            let lab = try await linkedLab(world)
            let answer = try await world.ask(.tcp("10.7.7.2", 80), in: lab.id, at: "c")
            try require(answer, is: "closed", "the address from a machine beside the connection")
            try require(await world.ask(.tcp("10.7.7.2", 80), in: lab.id), is: "closed", "the address from a job")
        },
        ConformanceCase(
            .connections,
            "same-subnet",
            "two labs have the same subnet at once, and do not meet",
            needs: linked
        ) {
            world in
            let first = try await linkedLab(world)
            let second = try await linkedLab(world)
            for lab in [first, second] {
                let count = try await world.ask(.hit("10.7.7.2", 80), in: lab.id, at: "a")
                try require(count, is: "1", "the count at the same address of each lab")
            }
        },
        ConformanceCase(.connections, "several", "a machine has several connections", needs: linked) { world in
            var topology = Topology(
                id: world.newID(),
                endpoints: [try world.web("a"), try world.web("b"), try world.web("c")]
            )
            topology.connections = [
                try link("one", "10.7.7.0/24", [("a", "10.7.7.1", "left"), ("b", "10.7.7.2", "net1")]),
                try link("two", "10.8.8.0/24", [("a", "10.8.8.1", "right"), ("c", "10.8.8.3", "net1")]),
            ]
            try await world.build(topology)
            try require(await world.ask(.get("10.7.7.2", 80), in: topology.id, at: "a"), is: "b", "the page of b")
            try require(await world.ask(.get("10.8.8.3", 80), in: topology.id, at: "a"), is: "c", "the page of c")
            let across = try await world.ask(.tcp("10.8.8.3", 80), in: topology.id, at: "b")
            try require(across, is: "closed", "c from b, which share no connection")
        },
        ConformanceCase(
            .connections,
            "forwarding",
            "a machine that forwards leads from one connection to another",
            needs: linked.union([.feature(.forwarding)])
        ) { world in
            var router = try world.machine("router")
            router.forwardsIPv4 = true
            var topology = Topology(
                id: world.newID(),
                endpoints: [router, try world.machine("plain")]
            )
            topology.connections = [
                try link("one", "10.7.7.0/24", [("router", "10.7.7.1", "net1"), ("plain", "10.7.7.2", "net1")])
            ]
            try await world.build(topology)
            let path = "/proc/sys/net/ipv4/conf/net1/forwarding"
            try require(
                await world.ask(.file(path), in: topology.id, at: "router"),
                is: "1",
                "forwarding at the router"
            )
            try require(await world.ask(.file(path), in: topology.id, at: "plain"), is: "0", "forwarding elsewhere")
        },
        ConformanceCase(
            .connections,
            "replaced",
            "a machine that was replaced is connected again",
            needs: linked.union([.hands])
        ) { world in
            let lab = try await linkedLab(world)
            try await world.subject.hands?.kill("b", of: lab.id)
            try await world.build(lab)
            try require(await world.ask(.get("10.7.7.2", 80), in: lab.id, at: "a"), is: "b", "the page of b")
        },
        ConformanceCase(.connections, "removed", "a connection that the topology no longer has goes", needs: linked) {
            world in
            var lab = try await linkedLab(world)
            lab.connections = []
            try await world.build(lab)
            try require(await world.ask(.interface("net1"), in: lab.id, at: "a"), is: "none", "the interface of a")
        },
    ]

    private static let linked: Set<Need> = [.feature(.connections)]

    static func link(
        _ name: String,
        _ subnet: String,
        _ ends: [(endpoint: String, address: String, interface: String)]
    ) throws -> Connection {
        Connection(
            name: name,
            subnet: try require(IPv4Subnet(subnet), "\(subnet) is no subnet"),
            attachments: try ends.map { end in
                Connection.Attachment(
                    endpoint: end.endpoint,
                    address: try require(IPv4Address(end.address), "\(end.address) is no address"),
                    interface: end.interface
                )
            }
        )
    }

    /// `a` and `b` with a connection, and `c` beside it; each a web server.
    private static func linkedLab(_ world: ConformanceWorld) async throws -> Topology {
        var topology = Topology(
            id: world.newID(),
            endpoints: [try world.web("a"), try world.web("b"), try world.machine("c")]
        )
        topology.connections = [
            try link("cable", "10.7.7.0/24", [("a", "10.7.7.1", "net1"), ("b", "10.7.7.2", "net1")])
        ]
        try await world.build(topology)
        return topology
    }
}

import AntidoteCore

extension ConformanceCase {
    static let isolationCases: [ConformanceCase] = [
        ConformanceCase(
            .isolation,
            "host-from-machines",
            "no machine reaches the host by any address",
            needs: [.outside]
        ) {
            world in
            let lab = try await world.lab(world.machine("box"))
            try await reachNoHost(from: "box", of: lab.id, in: world)
        },
        ConformanceCase(.isolation, "host-from-jobs", "no job reaches the host by any address", needs: [.outside]) {
            world in
            let lab = try await world.lab(world.machine("box"))
            try await reachNoHost(from: nil, of: lab.id, in: world)
        },
        ConformanceCase(
            .isolation,
            "host-through-connection",
            "no machine with a connection reaches the host through it",
            needs: [.outside, .feature(.connections)]
        ) { world in
            var topology = Topology(id: world.newID(), endpoints: [try world.machine("a"), try world.machine("b")])
            topology.connections = [
                try link("cable", "10.7.7.0/24", [("a", "10.7.7.2", "net1"), ("b", "10.7.7.3", "net1")])
            ]
            try await world.build(topology)
            try await reachNoHost(from: "a", of: topology.id, in: world, also: ["10.7.7.1"])
        },
        ConformanceCase(.isolation, "internet", "neither machines nor jobs reach the internet", needs: [.machines]) {
            world in
            let lab = try await world.lab(world.machine("box"))
            for address in ["8.8.8.8", "1.1.1.1"] {
                try require(
                    await world.ask(.tcp(address, 53), in: lab.id, at: "box"),
                    is: "closed",
                    "\(address), a machine"
                )
                try require(await world.ask(.tcp(address, 53), in: lab.id), is: "closed", "\(address), a job")
            }
        },
        ConformanceCase(
            .isolation,
            "metadata",
            "neither machines nor jobs reach the metadata address",
            needs: [.machines]
        ) { world in
            let lab = try await world.lab(world.machine("box"))
            let address = "169.254.169.254"
            try require(await world.ask(.tcp(address, 80), in: lab.id, at: "box"), is: "closed", "from a machine")
            try require(await world.ask(.tcp(address, 80), in: lab.id), is: "closed", "from a job")
        },
        ConformanceCase(
            .isolation,
            "other-labs",
            "no machine and no job reaches another lab by its addresses",
            needs: [.machines]
        ) {
            world in
            let machine = try world.machine(
                "web",
                .web(80),
                ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/"))]
            )
            let theirs = Topology(id: world.newID(), endpoints: [machine])
            try await world.build(theirs)
            let mine = try await world.lab(world.machine("box"))
            let addresses = try await world.ask(.addresses, in: theirs.id, at: "web").split(separator: " ").map(
                String.init
            )
            try require(!addresses.isEmpty, "the other lab's machine has no address")
            for address in addresses {
                let target = bracketed(address)
                try require(await world.ask(.tcp(target, 80), in: theirs.id), is: "open", "\(address) from its own lab")
                try require(
                    await world.ask(.tcp(target, 80), in: mine.id, at: "box"),
                    is: "closed",
                    "\(address), a machine"
                )
                try require(await world.ask(.tcp(target, 80), in: mine.id), is: "closed", "\(address), a job")
            }
        },
        ConformanceCase(
            .isolation,
            "exposed-ports",
            "what another lab exposes to its owner is not reached from a lab",
            needs: [.outside]
        ) {
            world in
            let machine = try world.machine(
                "web",
                .web(80),
                ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/"))]
            )
            let built = try await world.build(Topology(id: world.newID(), endpoints: [machine]))
            let address = try require(built[endpoint: "web"]?[port: 80]?.forOwner, "there is no address")
            let mine = try await world.lab(world.machine("box"))
            let hosts = try await world.subject.outside?.hostAddresses() ?? []
            let targets = hosts.filter { !$0.hasPrefix("127.") && $0 != "::1" }.map(bracketed)
            for first in stride(from: 0, to: targets.count, by: 50) {
                let some = Array(targets[first..<min(first + 50, targets.count)])
                let open = try await world.ask(.reach(address.port, at: some), in: mine.id, at: "box")
                try require(open, is: "", "where the exposed port is open")
            }
        },
        ConformanceCase(
            .isolation,
            "open-egress",
            "a lab with open egress reaches outside, and still no other lab",
            needs: [.outside, .feature(.egress)]
        ) { world in
            let theirs = try await world.lab(world.web("web"))
            let open = Topology(id: world.newID(), endpoints: [try world.machine("box")], egress: .open)
            try await world.build(open)
            let gateway = try await world.ask(.gateway, in: open.id, at: "box")
            try require(!gateway.isEmpty, "it has no default route")
            // The host stands for the outside: a test must not depend on the internet.
            try await world.subject.outside?.withHostService { service in
                let answer = try await world.ask(.tcp(gateway, service.port), in: open.id, at: "box")
                try require(answer, is: "open", "the way out")
            }
            // Something outside may answer for any address: what counts is what arrives.
            for address in try await world.ask(.addresses, in: theirs.id, at: "web").split(separator: " ") {
                _ = try await world.ask(.hit(bracketed(String(address)), 80), in: open.id, at: "box")
            }
            try require(await world.ask(.hits, in: theirs.id, at: "web"), is: "0", "what arrived at the other lab")
        },
    ]

    static func bracketed(_ address: String) -> String {
        address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
    }

    /// Tries every address of the host by TCP and by UDP; that nothing arrived is seen at the host itself.
    private static func reachNoHost(
        from machine: String?,
        of id: TopologyID,
        in world: ConformanceWorld,
        also more: [String] = []
    ) async throws {
        guard let outside = world.subject.outside else { return }
        // Its own loopback is a machine's own.
        let addresses = try await outside.hostAddresses().filter { !$0.hasPrefix("127.") && $0 != "::1" } + more
        try require(!addresses.isEmpty, "the host has no address")
        try await outside.withHostService { service in
            let targets = addresses.map { bracketed($0.hasPrefix("fe80") ? $0 + "%eth0" : $0) }
            for first in stride(from: 0, to: targets.count, by: 50) {
                let some = Array(targets[first..<min(first + 50, targets.count)])
                let open = try await world.ask(.reach(service.port, at: some), in: id, at: machine)
                try require(open, is: "", "what is open at the host")
            }
            try require(service.arrivals(), is: 0, "what arrived at the host")
        }
    }
}

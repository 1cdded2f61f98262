import AntidoteCore

extension ConformanceCase {
    static let portCases: [ConformanceCase] = [
        ConformanceCase(.ports, "tcp-in-lab", "a TCP port is reached from inside the lab") { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            try require(await world.ask(.tcp("web", 80), in: lab.id, at: "box"), is: "open", "from a machine")
            try require(await world.ask(.tcp("web", 80), in: lab.id), is: "open", "from a job")
        },
        ConformanceCase(.ports, "udp-in-lab", "a UDP port is reached from inside the lab") { world in
            let echo = try world.machine("echo", .echo(5353), ports: [Topology.Port(5353, transport: .udp)])
            let lab = try await world.lab(echo, world.machine("box"))
            let answer = try await world.ask(.udp("echo", 5353, "ping"), in: lab.id, at: "box")
            try require(answer, is: "ping", "from a machine")
            try require(await world.ask(.udp("echo", 5353, "ping"), in: lab.id), is: "ping", "from a job")
        },
        ConformanceCase(.ports, "undeclared", "machines of a lab reach each other's other ports too") { world in
            let lab = try await world.lab(world.machine("a", .web(8080)), world.machine("b"))
            try require(await world.ask(.get("a", 8080), in: lab.id, at: "b"), is: "a", "the page")
        },
        ConformanceCase(.ports, "exposure-in-result", "only what is exposed has an address for its owner") { world in
            let machine = try world.machine(
                "box",
                .web(80),
                .web(81),
                ports: [Topology.Port(80, exposure: .owner, probe: .tcp), .init(81, probe: .tcp)]
            )
            let built = try await world.build(Topology(id: world.newID(), endpoints: [machine]))
            let box = built[endpoint: "box"]
            try require(box?[port: 80]?.forOwner != nil, "the exposed port has no address for its owner")
            try require(box?[port: 81]?.forOwner == nil, "the port of the lab has an address for its owner")
        },
        ConformanceCase(.ports, "owner-tcp", "an exposed TCP port answers its owner", needs: [.outside]) { world in
            let machine = try world.machine(
                "web",
                .web(80),
                ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/"))]
            )
            let built = try await world.build(Topology(id: world.newID(), endpoints: [machine]))
            let address = try require(built[endpoint: "web"]?[port: 80]?.forOwner, "there is no address")
            let answer = try await world.subject.outside?.exchange("GET / HTTP/1.0\r\n\r\n", with: address) ?? ""
            try require(answer.hasPrefix("HTTP/1.0 200") && answer.hasSuffix("web"), "the answer is “\(answer)”")
        },
        ConformanceCase(
            .ports,
            "owner-udp",
            "an exposed UDP port answers its owner",
            needs: [.outside, .feature(.udpExposure)]
        ) { world in
            let machine = try world.machine(
                "echo",
                .echo(5353),
                ports: [Topology.Port(5353, transport: .udp, exposure: .owner)]
            )
            let built = try await world.build(Topology(id: world.newID(), endpoints: [machine]))
            let address = try require(built[endpoint: "echo"]?[port: 5353]?.forOwner, "there is no address")
            let answer = try await world.subject.outside?.exchangeDatagram("ping", with: address)
            try require(answer ?? "", is: "ping", "the answer")
        },
        ConformanceCase(
            .ports,
            "owner-again",
            "after a replacement the address for the owner leads to the new machine",
            needs: [.outside, .hands]
        ) {
            world in
            let machine = try world.machine(
                "web",
                .web(80),
                ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/"))]
            )
            let topology = Topology(id: world.newID(), endpoints: [machine])
            try await world.build(topology)
            try await world.subject.hands?.kill("web", of: topology.id)
            let built = try await world.build(topology)
            let address = try require(built[endpoint: "web"]?[port: 80]?.forOwner, "there is no address")
            let answer = try await world.subject.outside?.exchange("GET / HTTP/1.0\r\n\r\n", with: address) ?? ""
            try require(answer.hasSuffix("web"), "the answer is “\(answer)”")
        },
    ]

    static let probeCases: [ConformanceCase] = [
        ready("http", .web(80), .init(80, probe: .http(path: "/")), "a web server that answers is ready"),
        ready(
            "http-404",
            .web(80),
            .init(80, probe: .http(path: "/no")),
            "a web server that answers with a 404 is ready"
        ),
        notReady("http-500", .web(80), .init(80, probe: .http(path: "/broken")), "one that answers with a 500 is not"),
        notReady(
            "http-silent",
            .silent(80),
            .init(80, probe: .http(path: "/")),
            "one that accepts and says nothing is not"
        ),
        notReady("http-closed", .agent(9001), .init(80, probe: .http(path: "/")), "one that does not listen is not"),
        ready("ssh", .greeter(22), .init(22, probe: .sshBanner), "a server that greets as SSH does is ready"),
        notReady("ssh-silent", .silent(22), .init(22, probe: .sshBanner), "one that accepts and says nothing is not"),
        ready("tcp", .silent(7), .init(7, probe: .tcp), "a port that accepts is ready, if that is all that is asked"),
        notReady("tcp-closed", .agent(9001), .init(7, probe: .tcp), "a port that does not accept is not"),
        ready(
            "exec",
            .agent(9001),
            .init(7, probe: .exec(["/bin/sh", "-c", "exit 0"])),
            "a command that succeeds is ready"
        ),
        notReady(
            "exec-fails",
            .agent(9001),
            .init(7, probe: .exec(["/bin/sh", "-c", "exit 1"])),
            "one that fails is not"
        ),
        ready("late", .late(80), .init(80, probe: .http(path: "/")), "a server that comes up late is waited for"),
    ]

    /// Converge returns, and then the port really is as it says.
    private static func ready(_ name: String, _ role: LabRole, _ port: Topology.Port, _ rule: String) -> ConformanceCase
    {
        ConformanceCase(.probes, name, rule) { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("box", role, ports: [port])])
            try await world.build(topology)
            guard case .exec = port.probe else {
                let answer = try await world.ask(.tcp("box", port.number), in: topology.id)
                try require(answer, is: "open", "the port after converge")
                return
            }
        }
    }

    /// Converge ends with `endpointNotReady` that names the machine and its port.
    private static func notReady(
        _ name: String,
        _ role: LabRole,
        _ port: Topology.Port,
        _ rule: String
    ) -> ConformanceCase {
        ConformanceCase(.probes, name, rule) { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("box", role, ports: [port])])
            let backend = try await world.backend { $0.endpointDeadline = .seconds(5) }
            let error = try await requireError(.endpointNotReady, subject: "box", from: "a machine that is not ready") {
                try await world.build(topology, with: backend)
            }
            try require(error.message.contains("\(port.number)"), "the message names no port: \(error.message)")
        }
    }
}

import AntidoteCore

extension ConformanceCase {
    static let createCases: [ConformanceCase] = [
        ConformanceCase(.create, "one-machine", "a lab of one machine runs, and its machine answers") { world in
            let lab = try await world.lab(world.machine("solo"))
            try require(await world.ask(.name, in: lab.id, at: "solo"), is: "solo", "the machine that answers")
        },
        ConformanceCase(.create, "several-machines", "each of several machines answers under its own name") { world in
            let lab = try await world.lab(world.machine("a"), world.machine("b"), world.machine("c"))
            for name in ["a", "b", "c"] {
                try require(await world.ask(.name, in: lab.id, at: name), is: name, "the machine that answers")
            }
        },
        ConformanceCase(.create, "result", "the result names every machine and port, in the topology's order") {
            world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("z"), try world.machine("a")])
            let built = try await world.build(topology)
            try require(built.id, is: topology.id, "the id")
            try require(built.endpoints.map(\.name), is: ["z", "a"], "the machines")
            try require(built.endpoints.map { $0.ports.map(\.number) }, is: [[9000, 80], [9000]], "the ports")
            try require(Set(built.endpoints.map(\.identity)).count, is: 2, "the number of identities")
            for endpoint in built.endpoints {
                for port in endpoint.ports {
                    let answer = try await world.ask(.tcp(port.inLab.host, port.inLab.port), in: topology.id)
                    try require(answer, is: "open", "the port at \(port.inLab), its address in the lab")
                }
            }
        },
        ConformanceCase(.create, "environment", "a machine has its environment variables, whatever is in them") {
            world in
            let value = "two words, a \"quote\", a $dollar, an = and an ü"
            var machine = try world.machine("box")
            machine.environment["ODD"] = .plain(value)
            machine.environment["EMPTY"] = .plain("")
            let lab = try await world.lab(machine)
            try require(await world.ask(.variable("ODD"), in: lab.id, at: "box"), is: value, "the variable")
            try require(await world.ask(.variable("EMPTY"), in: lab.id, at: "box"), is: "", "the empty variable")
        },
        ConformanceCase(.create, "secret", "a machine has its secrets as environment variables") { world in
            var machine = try world.machine("box")
            machine.environment["TOKEN"] = .secret(Secret("s3cret-of-the-machine"))
            let lab = try await world.lab(machine)
            // A job's output hides what the job knows to be secret, and this one does not know. A verdict tells no secret.
            let answer = try await world.ask(.variable("TOKEN"), in: lab.id, at: "box")
            try require(answer == "s3cret-of-the-machine", "the secret in the machine is another, or none")
        },
        ConformanceCase(
            .create,
            "command",
            "command and arguments of the topology replace those of the image",
            needs: [.machines]
        ) {
            world in
            // Without them the tools image would not answer at all; with the wrong order neither.
            var machine = try world.machine("box", .web(8080))
            machine.command = ["/bin/sh"]
            machine.arguments = ["/antidote/\(LabScript.path)", "play", "agent:9000", "web:8080"]
            let lab = try await world.lab(machine)
            try require(await world.ask(.get("box", 8080), in: lab.id), is: "box", "the page")
        },
        ConformanceCase(.create, "ends-at-once", "a machine that ends at once is named, with the last it said") {
            world in
            let topology = Topology(
                id: world.newID(),
                endpoints: [try world.machine("good"), try world.machine("bad", .end(3))]
            )
            let error = try await requireError(.endpointFailed, subject: "bad", from: "a machine that ends") {
                try await world.build(topology)
            }
            try require(
                error.logTail?.contains("the end of bad") == true,
                "the log tail is \(error.logTail ?? "missing")"
            )
        },
        ConformanceCase(
            .create,
            "secret-in-log",
            "the last output in an error does not tell the machine's secrets",
            needs: [.machines]
        ) {
            world in
            var machine = try world.machine("bad", .leak)
            machine.environment["LAB_SECRET"] = .secret(Secret("kept-from-everyone"))
            let topology = Topology(id: world.newID(), endpoints: [machine])
            let error = try await requireError(.endpointFailed, subject: "bad", from: "a machine that fails") {
                try await world.build(topology)
            }
            let tail = error.logTail ?? ""
            try require(tail.contains("one ") && tail.contains(", two"), "the log tail is “\(tail)”")
            try require(!"\(error) \(tail)".contains("kept-from-everyone"), "the secret is in the error")
        },
        ConformanceCase(
            .create,
            "dependencies",
            "a machine is started only after what it depends on",
            needs: [.feature(.dependencies)]
        ) { world in
            var second = try world.machine("a-second")
            second.dependsOn = [Dependency(endpoint: "z-first", condition: .ready)]
            let record = ProgressRecord()
            let first = try world.machine("z-first", .late(80), ports: [Topology.Port(80, probe: .http(path: "/"))])
            let topology = Topology(id: world.newID(), endpoints: [second, first])
            _ = try await world.backend.converge(topology, under: .unlimited, progress: record.reporter)
            let ready = record.all.firstIndex(of: .endpoint("z-first", .reachable))
            let started = record.all.firstIndex(of: .endpoint("a-second", .starting))
            try require((ready ?? .max) < (started ?? -1), "it was started before: \(record.all)")
        },
    ]
}

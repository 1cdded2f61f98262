import AntidoteCore

extension ConformanceCase {
    static let adoptCases: [ConformanceCase] = [
        ConformanceCase(.adopt, "other-process", "another process adopts a lab as it is") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web")])
            let first = try await world.build(topology)
            try require(await world.ask(.hit("web", 80), in: topology.id), is: "1", "the first count")
            let second = try await world.build(topology, with: try await world.anotherProcess())
            try require(second, is: first, "what the other process found")
            try require(await world.ask(.hit("web", 80), in: topology.id), is: "2", "the count that the machine keeps")
        },
        ConformanceCase(.adopt, "at-once", "two processes that make the same lab at once make one") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            let other = try await world.anotherProcess()
            async let first = world.build(topology)
            async let second = world.build(topology, with: other)
            let both = try await (first, second)
            let last = try await world.build(topology)
            try require(both.0, is: last, "what the first process found")
            try require(both.1, is: last, "what the second process found")
            try require(try await world.backend.inventory().map(\.id), is: [topology.id], "the inventory")
        },
        ConformanceCase(.adopt, "job-of-another", "another process returns the stored result of a job") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80))
            let first = try await world.run(job, in: lab.id)
            let second = try await world.run(job, in: lab.id, with: try await world.anotherProcess())
            try require(second, is: first, "the stored result")
            try require(await world.ask(.hits, in: lab.id, at: "web"), is: "1", "the number of runs")
        },
    ]

    static let replaceCases: [ConformanceCase] = [
        ConformanceCase(.replace, "dead", "a machine that died is replaced, and no other", needs: [.hands]) { world in
            try await replaced("box", in: world) { topology in
                try await world.subject.hands?.kill("box", of: topology.id)
            }
        },
        ConformanceCase(.replace, "missing", "a machine that is gone is made again, and no other", needs: [.hands]) {
            world in
            try await replaced("box", in: world) { topology in
                try await world.subject.hands?.remove("box", of: topology.id)
            }
        },
        ConformanceCase(.replace, "changed-command", "a machine whose command changed is replaced, and no other") {
            world in
            try await replaced("box", in: world) { topology in
                topology.endpoints[1].arguments?.append(LabRole.web(8080).word)
            }
        },
        ConformanceCase(.replace, "changed-files", "a machine whose files changed is replaced, and has them") { world in
            let id = try await replaced("box", in: world) { topology in
                topology.endpoints[1].files = try LabScript.files([.init(path: "new", contents: Array("new".utf8))])
            }
            try require(await world.ask(.file("/antidote/new"), in: id, at: "box"), is: "new", "the new file")
        },
        ConformanceCase(.replace, "changed-secret", "a machine whose secret changed is replaced, and has it") { world in
            let id = try await replaced("box", in: world) { topology in
                topology.endpoints[1].environment["TOKEN"] = .secret(Secret("second-secret"))
            }
            try require(await world.ask(.variable("TOKEN"), in: id, at: "box"), is: "second-secret", "the secret")
        },
        ConformanceCase(.replace, "dropped", "a machine that the topology no longer has goes") { world in
            var topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            let before = try await world.build(topology)
            topology.endpoints.removeLast()
            let after = try await world.build(topology)
            try require(after.endpoints, is: [before.endpoints[0]], "the machines")
            try require(await world.ask(.resolve("box"), in: topology.id), is: "none", "the name of what went")
        },
        ConformanceCase(.replace, "added", "a machine that the topology has now is added, and no other touched") {
            world in
            var topology = Topology(id: world.newID(), endpoints: [try world.web("web")])
            let before = try await world.build(topology)
            topology.endpoints.append(try world.machine("box"))
            let after = try await world.build(topology)
            try require(after.endpoints[0], is: before.endpoints[0], "the machine that was there")
            try require(await world.ask(.name, in: topology.id, at: "box"), is: "box", "the machine that was added")
        },
        ConformanceCase(.replace, "revision", "another revision and other labels of the same machines change nothing") {
            world in
            var topology = Topology(id: world.newID(), endpoints: [try world.web("web")])
            let before = try await world.build(topology)
            topology.revision = 7
            topology.labels = ["lesson": "another"]
            topology.endpoints[0].labels = ["stage": "2"]
            try require(try await world.build(topology), is: before, "the machines")
        },
        ConformanceCase(.replace, "networks", "a lab whose networks were removed is made whole", needs: [.handsAtParts])
        {
            world in
            guard let hands = world.subject.hands as? any ProviderPartsHands else { return }
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            try await world.build(topology)
            try await hands.removeNetworks(of: topology.id)
            try await world.build(topology)
            try require(await world.ask(.name, in: topology.id, at: "box"), is: "box", "the machine that answers")
            let page = try await world.ask(.get("web", 80), in: topology.id, at: "box")
            try require(page, is: "web", "what one machine gets from the other")
        },
    ]

    /// Changes a lab of `web` and `box` or its topology, converges, and demands that only `name` is another machine.
    @discardableResult
    private static func replaced(
        _ name: String,
        in world: ConformanceWorld,
        by change: (inout Topology) async throws -> Void
    ) async throws -> TopologyID {
        var topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
        topology.endpoints[1].environment["TOKEN"] = .secret(Secret("first-secret"))
        let before = try await world.build(topology)
        try await change(&topology)
        let after = try await world.build(topology)
        for machine in after.endpoints {
            let same = before[endpoint: machine.name]?.identity == machine.identity
            try require(same, is: machine.name != name, "whether \(machine.name) is the machine that it was")
        }
        try require(await world.ask(.name, in: topology.id, at: name), is: name, "the machine that answers")
        try require(await world.ask(.name, in: topology.id, at: "web"), is: "web", "the machine that answers")
        return topology.id
    }
}

import AntidoteCore

extension ConformanceCase {
    static let manyCases: [ConformanceCase] = [
        ConformanceCase(.many, "at-once", "sixteen labs of two machines are made, asked and removed at once") { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let lab = try await world.lab(world.web("web"), world.machine("box"))
                        let count = try await world.ask(.hit("web", 80), in: lab.id, at: "box")
                        try require(count, is: "1", "the count in a lab of its own")
                        try await world.destroy(lab.id)
                    }
                }
                try await group.waitForAll()
            }
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.many, "machines", "a lab of twelve machines comes up, and each finds the next") { world in
            let names = (1...12).map { "m\($0)" }
            let topology = Topology(id: world.newID(), endpoints: try names.map { try world.web($0) })
            try await world.build(topology)
            for (name, next) in zip(names, names.dropFirst()) {
                try require(await world.ask(.get(next, 80), in: topology.id, at: name), is: next, "the page")
            }
        },
        ConformanceCase(.many, "repair-at-once", "machines that died at once are replaced at once", needs: [.hands]) {
            world in
            let names = (1...4).map { "m\($0)" }
            let topology = Topology(id: world.newID(), endpoints: try names.map { try world.web($0) })
            try await world.build(topology)
            for name in names { try await world.subject.hands?.kill(name, of: topology.id) }
            try await world.build(topology)
            for name in names {
                try require(await world.ask(.name, in: topology.id, at: name), is: name, "the machine that answers")
            }
        },
    ]
}

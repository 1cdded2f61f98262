import AntidoteCore

extension ConformanceCase {
    static let inventoryCases: [ConformanceCase] = [
        ConformanceCase(.inventory, "running", "a lab that runs is listed as running, with its digest and age") {
            world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("a"), try world.machine("b")])
            let began = world.time.uptime()
            try await world.build(topology)
            let entries = try await world.backend.inventory()
            let entry = try require(entries.first, "the inventory is empty")
            try require(entries.count, is: 1, "the number of entries")
            try require(entry.id, is: topology.id, "the id")
            try require(entry.state, is: .running, "the state")
            try require(entry.digest, is: try topology.digest(), "the digest")
            try require(entry.deadEndpoints, is: [], "the dead machines")
            // Seconds are what a provider's records have.
            let longest = world.time.uptime() - began + .seconds(2)
            try require(entry.age >= .zero && entry.age <= longest, "its age is \(entry.age)")
        },
        ConformanceCase(.inventory, "none", "without a lab the inventory is empty") { world in
            try require(try await world.backend.inventory().isEmpty, "there is something in it")
        },
        ConformanceCase(.inventory, "several", "every lab and every incarnation is listed once, in order") { world in
            var id = world.newID()
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            id.incarnation = 2
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            let other = try await world.lab(world.machine("box"))
            let first = TopologyID(
                instance: id.instance,
                store: id.store,
                environment: id.environment,
                incarnation: 1
            )
            try require(try await world.backend.inventory().map(\.id), is: [first, id, other.id].sorted(), "the ids")
        },
        ConformanceCase(.inventory, "dead-machine", "a machine that died is named", needs: [.hands]) { world in
            let lab = try await world.lab(world.machine("a"), world.machine("b"))
            try await world.subject.hands?.kill("b", of: lab.id)
            let entry = try require(try await world.backend.inventory().first, "the inventory is empty")
            try require(entry.state, is: .partial, "the state")
            try require(entry.deadEndpoints, is: ["b"], "the dead machines")
        },
        ConformanceCase(
            .inventory,
            "missing-machine",
            "a lab of which a machine is missing is partial",
            needs: [.hands]
        ) {
            world in
            let lab = try await world.lab(world.machine("a"), world.machine("b"))
            try await world.subject.hands?.remove("b", of: lab.id)
            let entry = try require(try await world.backend.inventory().first, "the inventory is empty")
            try require(entry.state, is: .partial, "the state")
        },
        ConformanceCase(.inventory, "dead-lab", "a lab of which nothing runs is dead", needs: [.hands]) { world in
            let lab = try await world.lab(world.machine("a"), world.machine("b"))
            try await world.subject.hands?.kill("a", of: lab.id)
            try await world.subject.hands?.kill("b", of: lab.id)
            let entry = try require(try await world.backend.inventory().first, "the inventory is empty")
            try require(entry.state, is: .dead, "the state")
            try require(entry.deadEndpoints, is: ["a", "b"], "the dead machines")
        },
        ConformanceCase(
            .inventory,
            "other-stores",
            "what another store of this instance made is listed as that store's"
        ) {
            world in
            let store = world.newStore()
            let foreign = try await world.backend { $0.store = store }
            var id = world.newID()
            id.store = store
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]), with: foreign)
            try require(try await world.backend.inventory().map(\.id), is: [id], "the ids")
        },
        ConformanceCase(.inventory, "other-instances", "what another instance made is not listed") { world in
            let instance = world.newInstance()
            let foreign = try await world.backend { $0.instance = instance }
            var id = world.newID()
            id.instance = instance
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]), with: foreign)
            try require(try await world.backend.inventory().isEmpty, "it is listed")
        },
    ]

    static let foreignCases: [ConformanceCase] = [
        ConformanceCase(.foreign, "store", "what another store made is never removed, even under the same names") {
            world in
            let store = world.newStore()
            let foreign = try await world.backend { $0.store = store }
            let mine = world.newID()
            var theirs = mine
            theirs.store = store
            theirs.incarnation = 1
            try await world.build(Topology(id: theirs, endpoints: [try world.machine("box")]), with: foreign)
            var later = mine
            later.incarnation = 5
            try await world.destroy(later)
            let answer = try await world.run(try world.job(LabQuestion.name.at("box")), in: theirs, with: foreign)
            try require(world.trimmed(answer.outputTail), is: "box", "the machine of the other store")
        },
        ConformanceCase(.foreign, "instance", "what another instance made is never removed") { world in
            let instance = world.newInstance()
            let foreign = try await world.backend { $0.instance = instance }
            let mine = world.newID()
            var theirs = mine
            theirs.instance = instance
            try await world.build(Topology(id: theirs, endpoints: [try world.machine("box")]), with: foreign)
            var later = mine
            later.incarnation = 5
            try await world.destroy(later)
            let answer = try await world.run(try world.job(LabQuestion.name.at("box")), in: theirs, with: foreign)
            try require(world.trimmed(answer.outputTail), is: "box", "the machine of the other instance")
        },
        ConformanceCase(
            .foreign,
            "same-name",
            "something foreign under our name is an error, and stays as it is",
            needs: [.handsAtParts]
        ) { world in
            guard let hands = world.subject.hands as? any ProviderPartsHands else { return }
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("box")])
            let thing = try await hands.plantForeign(named: "box", of: topology.id)
            do {
                try await requireError(.foreignResource, from: "a foreign thing under our name") {
                    try await world.build(topology)
                }
                try await world.destroy(topology.id)
                try require(try await thing.isUntouched(), "the foreign thing was changed or removed")
            } catch {
                try await thing.remove()
                throw error
            }
            try await thing.remove()
        },
    ]
}

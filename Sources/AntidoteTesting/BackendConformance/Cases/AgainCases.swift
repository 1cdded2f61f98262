import AntidoteCore

extension ConformanceCase {
    static let againCases: [ConformanceCase] = [
        ConformanceCase(.again, "nothing-changes", "converging again leaves every machine as it is") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            let first = try await world.build(topology)
            try require(await world.ask(.hit("web", 80), in: topology.id), is: "1", "the first count")
            let second = try await world.build(topology)
            try require(second, is: first, "the result of the second time")
            try require(await world.ask(.hit("web", 80), in: topology.id), is: "2", "the count that the machine keeps")
        },
        ConformanceCase(
            .again,
            "crash-at-each-step",
            "after a crash before any change, another process completes the lab"
        ) {
            world in
            try await afterCrashes(in: world) { id in
                let other = try await world.anotherProcess()
                try await world.build(try crashTopology(id, in: world), with: other)
                try require(await world.ask(.name, in: id, at: "web"), is: "web", "the machine that answers")
            }
        },
        ConformanceCase(.again, "crash-then-delete", "after a crash before any change, everything can be removed") {
            world in
            try await afterCrashes(in: world) { id in
                try await world.destroy(id, with: try await world.anotherProcess())
                let left = try await world.backend.inventory().filter { $0.id == id }
                try require(left.isEmpty, "it is still in the inventory")
            }
            if let hands = world.subject.hands {
                let things = try await hands.things(of: world.installation.instance)
                try require(things, is: 0, "things at the provider that the inventory does not show")
            }
        },
        ConformanceCase(.again, "crash-then-inventory", "what a crashed worker made is in the inventory") { world in
            let id = world.newID()
            let counter = StoppingAuthority(after: .max)
            _ = try await world.backend.converge(
                try crashTopology(world.newID(), in: world),
                under: counter.authority,
                progress: .none
            )
            // Before the last change nearly all is there.
            let crash = StoppingAuthority(after: counter.count - 1)
            _ = try? await world.backend.converge(
                try crashTopology(id, in: world),
                under: crash.authority,
                progress: .none
            )
            let listed = try await world.anotherProcess().inventory().contains { $0.id == id }
            try require(listed, "half a lab is not listed")
        },
        ConformanceCase(.again, "no-authority", "without authority nothing is made at all") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("box")])
            try await requireError(.authorityLost, from: "converge without authority") {
                try await world.backend.converge(
                    topology,
                    under: StoppingAuthority(after: 0).authority,
                    progress: .none
                )
            }
            try require(try await world.backend.inventory().isEmpty, "something was made")
        },
        ConformanceCase(.again, "no-authority-to-delete", "without authority nothing is removed") { world in
            let lab = try await world.lab(world.machine("box"))
            try await requireError(.authorityLost, from: "destroy without authority") {
                try await world.backend.destroy(lab.id, under: StoppingAuthority(after: 0).authority)
            }
            try require(await world.ask(.name, in: lab.id, at: "box"), is: "box", "the machine that answers")
        },
        ConformanceCase(.again, "no-authority-for-jobs", "without authority no job is run") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.hit("web", 80))
            try await requireError(.authorityLost, from: "a job without authority") {
                try await world.backend.run(
                    job,
                    in: lab.id,
                    under: StoppingAuthority(after: 0).authority,
                    progress: .none
                )
            }
            try require(await world.ask(.hit("web", 80), in: lab.id), is: "1", "the count afterwards")
        },
        ConformanceCase(.again, "crash-in-job", "a job whose worker crashed at any change runs once") { world in
            let lab = try await world.lab(world.web("web"))
            for step in 0..<20 {
                let job = try world.job(.hit("web", 80))
                let crash = StoppingAuthority(after: step)
                let survived = try? await world.backend.run(job, in: lab.id, under: crash.authority, progress: .none)
                let result = try await world.run(job, in: lab.id, with: try await world.anotherProcess())
                try require(
                    world.trimmed(result.outputTail),
                    is: "\(step + 1)",
                    "the count after a crash at step \(step)"
                )
                if survived != nil { return }
            }
            throw ConformanceFailure(description: "a job needs more than twenty changes at the provider")
        },
        ConformanceCase(.again, "crash-in-delete", "a removal whose worker crashed at any change can be repeated") {
            world in
            for step in 0..<100 {
                let topology = try crashTopology(world.newID(), in: world)
                try await world.build(topology)
                let crash = StoppingAuthority(after: step)
                let ended = (try? await world.backend.destroy(topology.id, under: crash.authority)) != nil
                try await world.destroy(topology.id, with: try await world.anotherProcess())
                let left = try await world.backend.inventory().filter { $0.id == topology.id }
                try require(left.isEmpty, "it is still in the inventory after a crash at step \(step)")
                if ended { return }
            }
        },
    ]

    private static func crashTopology(_ id: TopologyID, in world: ConformanceWorld) throws -> Topology {
        Topology(id: id, endpoints: [try world.web("web"), try world.machine("box")])
    }

    /// Converges again and again, and crashes one change later each time; four labs at once.
    private static func afterCrashes(
        in world: ConformanceWorld,
        _ check: @escaping @Sendable (TopologyID) async throws -> Void
    ) async throws {
        let counter = StoppingAuthority(after: .max)
        let whole = try crashTopology(world.newID(), in: world)
        _ = try await world.backend.converge(whole, under: counter.authority, progress: .none)
        try await world.destroy(whole.id)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for step in 0..<counter.count {
                if step >= 4 { try await group.next() }
                group.addTask {
                    let id = world.newID()
                    let crash = StoppingAuthority(after: step)
                    _ = try? await world.backend.converge(
                        try crashTopology(id, in: world),
                        under: crash.authority,
                        progress: .none
                    )
                    do {
                        try await check(id)
                        try await world.destroy(id)
                    } catch {
                        throw ConformanceFailure(description: "after a crash at step \(step): \(error)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

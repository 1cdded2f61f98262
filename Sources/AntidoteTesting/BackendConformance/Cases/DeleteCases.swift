import AntidoteCore

extension ConformanceCase {
    static let partialCases: [ConformanceCase] = [
        ConformanceCase(.partial, "removable", "a lab of which one machine failed is removed without a trace") {
            world in
            let id = world.newID()
            _ = try? await world.build(
                Topology(id: id, endpoints: [try world.machine("good"), try world.machine("bad", .end(1))])
            )
            try await world.destroy(id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.partial, "mendable", "a lab of which one machine failed is completed by a better topology") {
            world in
            let id = world.newID()
            _ = try? await world.build(
                Topology(id: id, endpoints: [try world.machine("good"), try world.machine("bad", .end(1))])
            )
            try await world.build(Topology(id: id, endpoints: [try world.machine("good"), try world.machine("bad")]))
            try require(await world.ask(.name, in: id, at: "bad"), is: "bad", "the machine that answers")
        },
        ConformanceCase(.partial, "others-live", "a machine that fails does no harm to another lab") { world in
            let lab = try await world.lab(world.machine("box"))
            _ = try? await world.build(Topology(id: world.newID(), endpoints: [try world.machine("bad", .end(1))]))
            try require(await world.ask(.name, in: lab.id, at: "box"), is: "box", "the machine that answers")
        },
    ]

    static let deleteCases: [ConformanceCase] = [
        ConformanceCase(.delete, "gone", "a lab that was removed is gone") { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            try await world.destroy(lab.id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.delete, "absent", "removing what does not exist succeeds") { world in
            try await world.destroy(world.newID())
        },
        ConformanceCase(.delete, "twice", "removing twice succeeds") { world in
            let lab = try await world.lab(world.machine("box"))
            try await world.destroy(lab.id)
            try await world.destroy(lab.id)
        },
        ConformanceCase(.delete, "at-once", "two processes may remove the same lab at once") { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            let other = try await world.anotherProcess()
            async let first: Void = world.destroy(lab.id)
            async let second: Void = world.destroy(lab.id, with: other)
            _ = try await (first, second)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.delete, "older", "removing an incarnation removes the older ones") { world in
            var id = world.newID()
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            id.incarnation = 2
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            try await world.destroy(id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.delete, "never-later", "removing an incarnation leaves a later one alone") { world in
            var id = world.newID()
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            let old = id
            id.incarnation = 2
            try await world.build(Topology(id: id, endpoints: [try world.machine("box")]))
            try await world.destroy(old)
            try require(await world.ask(.name, in: id, at: "box"), is: "box", "the machine that answers")
            try require(try await world.backend.inventory().map(\.id), is: [id], "the inventory")
        },
        ConformanceCase(.delete, "others", "removing a lab leaves another one alone") { world in
            let lab = try await world.lab(world.machine("box"))
            let other = try await world.lab(world.machine("box"))
            try await world.destroy(lab.id)
            try require(await world.ask(.name, in: other.id, at: "box"), is: "box", "the machine that answers")
        },
        ConformanceCase(.delete, "while-creating", "a lab can be removed while it is made") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            let record = ProgressRecord()
            let other = try await world.anotherProcess()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try? await world.backend.converge(topology, under: .unlimited, progress: record.reporter)
                }
                _ = await record.first { if case .endpoint(_, .starting) = $0 { true } else { false } }
                try await world.destroy(topology.id, with: other)
                try await group.waitForAll()
            }
            // What the maker made after that is found by label, and goes as well.
            try await world.destroy(topology.id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(.delete, "with-job", "a lab can be removed while a job runs in it") { world in
            let lab = try await world.lab(world.web("web"))
            let job = try world.job(.beat("web", 80))
            let other = try await world.anotherProcess()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await world.run(job, in: lab.id) }
                try await world.wait(for: "the job to run") {
                    try await world.ask(.hits, in: lab.id, at: "web") != "0"
                }
                try await world.destroy(lab.id, with: other)
                group.cancelAll()
                try await group.waitForAll()
            }
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
        ConformanceCase(
            .delete,
            "half",
            "a lab that somebody removed half of is removed",
            needs: [.hands]
        ) { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            try await world.subject.hands?.remove("box", of: lab.id)
            try await world.destroy(lab.id)
            try require(try await world.backend.inventory().isEmpty, "something is left")
        },
    ]
}

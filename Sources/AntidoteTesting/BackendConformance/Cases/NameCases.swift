import AntidoteCore

extension ConformanceCase {
    static let nameCases: [ConformanceCase] = [
        ConformanceCase(.names, "between-machines", "machines find each other by name") { world in
            let lab = try await world.lab(world.web("web"), world.machine("box"))
            try require(await world.ask(.get("web", 80), in: lab.id, at: "box"), is: "web", "the page of the other")
        },
        ConformanceCase(.names, "own", "a machine finds itself by name") { world in
            let lab = try await world.lab(world.web("web"))
            try require(await world.ask(.get("web", 80), in: lab.id, at: "web"), is: "web", "its own page")
        },
        ConformanceCase(.names, "from-jobs", "jobs find machines by name") { world in
            let lab = try await world.lab(world.web("web"))
            try require(await world.ask(.get("web", 80), in: lab.id), is: "web", "the page")
        },
        ConformanceCase(.names, "long", "a name of 63 characters works") { world in
            let name = "a" + String(repeating: "-b", count: 31)
            let lab = try await world.lab(world.web(name))
            try require(await world.ask(.get(name, 80), in: lab.id), is: name, "the page")
        },
        ConformanceCase(.names, "absent", "the name of a machine that is not there is not found, at once") { world in
            let lab = try await world.lab(world.machine("box"))
            try require(await world.ask(.resolve("web"), in: lab.id, at: "box"), is: "none", "the name in a machine")
            try require(await world.ask(.resolve("web"), in: lab.id), is: "none", "the name in a job")
        },
        ConformanceCase(.names, "outside", "no name of the outside is found, and asking does not stall") { world in
            let lab = try await world.lab(world.machine("box"))
            for name in ["example.com", "localhost.example.org"] {
                try require(await world.ask(.resolve(name), in: lab.id, at: "box"), is: "none", "\(name) in a machine")
                try require(await world.ask(.resolve(name), in: lab.id), is: "none", "\(name) in a job")
            }
        },
        ConformanceCase(.names, "other-labs", "one lab's machines are unknown in another") { world in
            let lab = try await world.lab(world.machine("mine"))
            let other = try await world.lab(world.machine("theirs"))
            try require(await world.ask(.resolve("theirs"), in: lab.id, at: "mine"), is: "none", "the other lab's name")
            try require(await world.ask(.resolve("mine"), in: other.id), is: "none", "the name in the other lab's job")
        },
        ConformanceCase(.names, "same-in-two-labs", "the same name in two labs is two machines") { world in
            let lab = try await world.lab(world.web("web"))
            let other = try await world.lab(world.web("web"))
            try require(await world.ask(.hit("web", 80), in: lab.id), is: "1", "the count in the first lab")
            try require(await world.ask(.hit("web", 80), in: other.id), is: "1", "the count in the second lab")
        },
    ]

    static let fileCases: [ConformanceCase] = [
        ConformanceCase(.files, "contents", "a machine has its files as they are") { world in
            var machine = try world.machine("box")
            machine.files = try LabScript.files([
                .init(path: "guide.md", contents: Array("# Hello, wörld".utf8)),
                .init(path: "deep/er/still", contents: Array("deep".utf8)),
                .init(path: "empty", contents: []),
            ])
            let lab = try await world.lab(machine)
            let guide = try await world.ask(.file("/antidote/guide.md"), in: lab.id, at: "box")
            try require(guide, is: "# Hello, wörld", "a file")
            let deep = try await world.ask(.file("/antidote/deep/er/still"), in: lab.id, at: "box")
            try require(deep, is: "deep", "a file in a directory")
            try require(
                await world.ask(.size("/antidote/empty"), in: lab.id, at: "box"),
                is: "0",
                "an empty file's size"
            )
        },
        ConformanceCase(.files, "modes", "files have their modes") { world in
            var machine = try world.machine("box")
            machine.files = try LabScript.files([
                .init(path: "private", mode: 0o600, contents: [1]), .init(path: "tool", mode: 0o755, contents: [1]),
            ])
            let lab = try await world.lab(machine)
            try require(await world.ask(.mode("/antidote/private"), in: lab.id, at: "box"), is: "600", "the mode")
            try require(await world.ask(.mode("/antidote/tool"), in: lab.id, at: "box"), is: "755", "the mode")
        },
        ConformanceCase(.files, "odd-names", "files may have odd and long names") { world in
            let long = String(repeating: "d", count: 120) + "/" + String(repeating: "f", count: 200)
            var machine = try world.machine("box")
            machine.files = try LabScript.files([
                .init(path: "-dash", contents: Array("dash".utf8)), .init(path: "ünï", contents: Array("letters".utf8)),
                .init(path: long, contents: Array("long".utf8)),
            ])
            let lab = try await world.lab(machine)
            for (path, text) in [("-dash", "dash"), ("ünï", "letters"), (long, "long")] {
                let found = try await world.ask(.file("/antidote/\(path)"), in: lab.id, at: "box")
                try require(found, is: text, "the file \(path)")
            }
        },
        ConformanceCase(.files, "large", "a file of four megabytes arrives whole") { world in
            var machine = try world.machine("box")
            machine.files = try LabScript.files([.init(path: "large", contents: [UInt8](repeating: 7, count: 4 << 20))])
            let lab = try await world.lab(machine)
            let size = try await world.ask(.size("/antidote/large"), in: lab.id, at: "box")
            try require(size, is: "\(4 << 20)", "the size")
        },
        ConformanceCase(.files, "directory", "files are in the topology's own directory") { world in
            var machine = try world.machine("box")
            machine.command = LabScript.command(in: "/srv/lab", ["play"])
            var topology = Topology(id: world.newID(), endpoints: [machine])
            topology.labDirectory = "/srv/lab"
            try await world.build(topology)
            try require(await world.ask(.name, in: topology.id, at: "box"), is: "box", "the machine that answers")
            try require(await world.ask(.size("/antidote"), in: topology.id, at: "box"), is: "<missing>", "/antidote")
        },
        ConformanceCase(.files, "of-jobs", "a job has its own files in its own directory") { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.file("/work/here/data"), directory: "/work/here")
            job.files = try LabScript.files([.init(path: "data", contents: Array("of the job".utf8))])
            let result = try await world.run(job, in: lab.id)
            try require(world.trimmed(result.outputTail), is: "of the job", "the file")
            let elsewhere = try await world.ask(.file("/work/here/data"), in: lab.id, at: "box")
            try require(elsewhere, is: "<missing>", "the job's file in a machine")
        },
    ]
}

import AntidoteCore

extension ConformanceCase {
    static let progressCases: [ConformanceCase] = [
        ConformanceCase(.progress, "order", "every machine's progress is told, in order, up to reachable") { world in
            let record = ProgressRecord()
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web"), try world.machine("box")])
            _ = try await world.backend.converge(topology, under: .unlimited, progress: record.reporter)
            for name in ["web", "box"] {
                let ranks = record.of(name).map(rank)
                try require(ranks, is: ranks.sorted(), "the order of \(name)'s progress \(record.of(name))")
                let told = Set(ranks)
                for stage in [EndpointProgress.waiting, .starting, .running, .reachable] {
                    try require(told.contains(rank(stage)), "\(stage) was not told of \(name): \(record.of(name))")
                }
            }
        },
        ConformanceCase(.progress, "true", "a machine is told to be reachable only when it is") { world in
            let record = ProgressRecord()
            let machine = try world.machine("bad", .silent(80), ports: [Topology.Port(80, probe: .http(path: "/"))])
            let topology = Topology(id: world.newID(), endpoints: [machine])
            let backend = try await world.backend { $0.endpointDeadline = .seconds(4) }
            _ = try? await backend.converge(topology, under: .unlimited, progress: record.reporter)
            try require(!record.of("bad").isEmpty, "nothing was told")
            try require(!record.of("bad").contains(.reachable), "it was told to be reachable")
        },
        ConformanceCase(.progress, "adopted", "a lab that is adopted is told to be reachable as well") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.web("web")])
            try await world.build(topology)
            let record = ProgressRecord()
            let other = try await world.anotherProcess()
            _ = try await other.converge(topology, under: .unlimited, progress: record.reporter)
            try require(record.of("web").last, is: .reachable, "the last that was told")
        },
    ]

    private static func rank(_ progress: EndpointProgress) -> Int {
        switch progress {
        case .waiting: 0
        case .pulling: 1
        case .starting: 2
        case .running: 3
        case .reachable: 4
        case .configuring: 5
        case .configured: 6
        case .restarting: 7
        }
    }

    static let refusalCases: [ConformanceCase] = [
        ConformanceCase(.refusals, "nothing-in-it", "a topology without machines is refused") { world in
            try await refused(Topology(id: world.newID(), endpoints: []), .invalidTopology, world)
        },
        ConformanceCase(.refusals, "names", "names that could break out of a name are refused") { world in
            for name in ["", "a.b", "../x", "a b", "A", "-a", String(repeating: "a", count: 64), "a\nb"] {
                var machine = try world.machine("box")
                machine.name = name
                try await refused(Topology(id: world.newID(), endpoints: [machine]), .invalidTopology, world)
            }
        },
        ConformanceCase(.refusals, "twice", "two machines with one name are refused") { world in
            let topology = Topology(id: world.newID(), endpoints: [try world.machine("a"), try world.machine("a")])
            try await refused(topology, .invalidTopology, world)
        },
        ConformanceCase(.refusals, "ports", "ports that do not exist are refused") { world in
            for number in [0, -1, 65536] {
                let machine = try world.machine("box", ports: [Topology.Port(number)])
                try await refused(Topology(id: world.newID(), endpoints: [machine]), .invalidTopology, world)
            }
        },
        ConformanceCase(.refusals, "directory", "a directory that is not the lab's own is refused") { world in
            for directory in ["", "/", "relative", "/a/../etc"] {
                var topology = Topology(id: world.newID(), endpoints: [try world.machine("box")])
                topology.labDirectory = directory
                try await refused(topology, .invalidTopology, world)
            }
        },
        ConformanceCase(.refusals, "circle", "machines that wait for each other are refused") { world in
            var first = try world.machine("a")
            first.dependsOn = [Dependency(endpoint: "b", condition: .ready)]
            var second = try world.machine("b")
            second.dependsOn = [Dependency(endpoint: "a", condition: .ready)]
            let topology = Topology(id: world.newID(), endpoints: [first, second])
            try await refused(topology, .invalidTopology, world)
        },
        ConformanceCase(
            .refusals,
            "capabilities",
            "what the capabilities lack is refused by name, before anything is made"
        ) {
            world in
            for (feature, topology) in try features(world) where !world.backend.capabilities.can(feature) {
                let error = try await refused(topology, .unsupported, world)
                let text = "\(error.message) \(error.recovery ?? "")"
                try require(text.contains(feature.rawValue), "the error does not name “\(feature.rawValue)”: \(text)")
            }
        },
        ConformanceCase(.refusals, "said-before", "what converge refuses, problems(with:) says as well") { world in
            for (feature, topology) in try features(world) where !world.backend.capabilities.can(feature) {
                let problems = world.backend.problems(with: topology)
                try require(!problems.isEmpty, "it finds no problem with “\(feature.rawValue)”")
            }
            let fine = Topology(id: world.newID(), endpoints: [try world.machine("box")])
            try require(world.backend.problems(with: fine), is: [], "the problems with what it can do")
        },
        ConformanceCase(.refusals, "other-instance", "a topology of another instance is refused") { world in
            var id = world.newID()
            id.instance = world.newInstance()
            let topology = Topology(id: id, endpoints: [try world.machine("box")])
            do {
                try await requireError(.foreignResource, from: "another's topology") {
                    try await world.build(topology)
                }
            } catch {
                let theirs = try await world.backend { $0.instance = id.instance }
                try await world.destroy(id, with: theirs)
                throw error
            }
        },
    ]

    @discardableResult
    private static func refused(
        _ topology: Topology,
        _ code: AntidoteError.Code,
        _ world: ConformanceWorld
    ) async throws -> AntidoteError {
        let error = try await requireError(code, from: "a topology that cannot be built") {
            try await world.build(topology)
        }
        try require(error.disposition, is: .permanent, "the disposition")
        try require(try await world.backend.inventory().isEmpty, "something was made")
        return error
    }

    /// A topology for each feature that needs it.
    private static func features(
        _ world: ConformanceWorld
    ) throws -> [(feature: BackendCapabilities.Feature, topology: Topology)] {
        func topology(_ change: (inout Endpoint) -> Void) throws -> Topology {
            var machine = try world.machine("box")
            change(&machine)
            return Topology(id: world.newID(), endpoints: [machine])
        }
        var open = try topology { _ in }
        open.egress = .open
        return [
            (.egress, open),
            (.forwarding, try topology { $0.forwardsIPv4 = true }),
            (.legacyFlavor, try topology { $0.flavor = .legacy }),
            (.publicPorts, try topology { $0.ports.append(Topology.Port(80, exposure: .public)) }),
            (.udpExposure, try topology { $0.ports.append(Topology.Port(53, transport: .udp, exposure: .owner)) }),
            (.replicas, try topology { $0.replicas = 2 }),
            (.routes, try topology { $0.routes = [Route(hostName: "lab.example", port: 80)] }),
            (.storageLimits, try topology { $0.limits.storageBytes = 1 << 30 }),
            (.secretReferences, try topology { $0.environment["KEY"] = .reference(SecretReference(name: "key")) }),
        ]
    }
}

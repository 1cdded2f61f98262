import AntidoteCore

extension ConformanceCase {
    static let limitCases: [ConformanceCase] = [
        ConformanceCase(.limits, "memory", "a machine's memory limit is in its cgroup", needs: [.machines]) { world in
            let lab = try await limited(world)
            try require(await world.ask(.limit(.memory), in: lab.id, at: "box"), is: "\(96 << 20)", "the limit")
        },
        ConformanceCase(.limits, "cpu", "a machine's share of the processor is in its cgroup", needs: [.machines]) {
            world in
            let lab = try await limited(world)
            let share = try cpus(await world.ask(.limit(.cpu), in: lab.id, at: "box"))
            try require(share, is: 0.25, "the limit in cores")
        },
        ConformanceCase(.limits, "pids", "a machine's limit of processes is in its cgroup", needs: [.machines]) {
            world in
            let lab = try await limited(world)
            try require(await world.ask(.limit(.pids), in: lab.id, at: "box"), is: "77", "the limit")
        },
        ConformanceCase(
            .limits,
            "defaults",
            "a machine without limits has the backend's, and never none",
            needs: [.machines]
        ) { world in
            var machine = try world.machine("box")
            machine.limits = ResourceLimits()
            let lab = try await world.lab(machine)
            let memory = Int64(try await world.ask(.limit(.memory), in: lab.id, at: "box"))
            try require((memory ?? .max) < 1 << 50, "the memory limit is \(memory.map(String.init) ?? "none")")
            let pids = Int(try await world.ask(.limit(.pids), in: lab.id, at: "box"))
            try require((pids ?? .max) < 1 << 20, "the process limit is \(pids.map(String.init) ?? "none")")
            _ = try cpus(await world.ask(.limit(.cpu), in: lab.id, at: "box"))
        },
        ConformanceCase(.limits, "of-jobs", "a job's limits are in its cgroup", needs: [.machines]) { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.limit(.memory))
            job.limits = ResourceLimits(cpus: 0.5, memoryBytes: 48 << 20, pids: 33)
            let result = try await world.run(job, in: lab.id)
            try require(world.trimmed(result.outputTail), is: "\(48 << 20)", "the memory limit")
        },
        ConformanceCase(
            .limits,
            "job-defaults",
            "a job without limits has the backend's, and never none",
            needs: [.machines]
        ) { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.limit(.memory))
            job.limits = ResourceLimits()
            let memory = Int64(world.trimmed(try await world.run(job, in: lab.id).outputTail))
            try require((memory ?? .max) < 1 << 50, "the memory limit is \(memory.map(String.init) ?? "none")")
        },
        ConformanceCase(
            .limits,
            "untrusted",
            "an untrusted machine may neither administer networks nor forge packets",
            needs: [.machines]
        ) {
            world in
            let lab = try await world.lab(world.machine("box"))
            let set = try capabilities(await world.ask(.capabilities, in: lab.id, at: "box"))
            // capabilities(7): 12 is NET_ADMIN, 13 NET_RAW, 16 SYS_MODULE, 19 SYS_PTRACE, 21 SYS_ADMIN.
            for bit in [12, 13, 16, 19, 21] { try require(set & (1 << bit) == 0, "it has the capability \(bit)") }
        },
        ConformanceCase(
            .limits,
            "jobs-untrusted",
            "a job may neither administer networks nor the system",
            needs: [.machines]
        ) { world in
            let lab = try await world.lab(world.machine("box"))
            let set = try capabilities(await world.ask(.capabilities, in: lab.id))
            for bit in [12, 13, 16, 19, 21] { try require(set & (1 << bit) == 0, "it has the capability \(bit)") }
        },
        ConformanceCase(
            .limits,
            "legacy",
            "a legacy machine may administer its network, and not the system",
            needs: [.feature(.legacyFlavor), .machines]
        ) { world in
            var machine = try world.machine("box")
            machine.flavor = .legacy
            let lab = try await world.lab(machine)
            let set = try capabilities(await world.ask(.capabilities, in: lab.id, at: "box"))
            try require(set & (1 << 12) != 0, "it lacks NET_ADMIN")
            for bit in [16, 19, 21] { try require(set & (1 << bit) == 0, "it has the capability \(bit)") }
        },
        ConformanceCase(.limits, "trusted-refused", "a trusted machine is refused unless the operator allows it") {
            world in
            var machine = try world.machine("box")
            machine.flavor = .trusted
            let topology = Topology(id: world.newID(), endpoints: [machine])
            try await requireError(.unsupported, from: "a trusted machine") { try await world.build(topology) }
            try require(try await world.backend.inventory().isEmpty, "something was made")
        },
        ConformanceCase(
            .limits,
            "trusted-allowed",
            "a trusted machine is privileged where the operator allows it",
            needs: [.machines]
        ) {
            world in
            let backend = try await world.backend { $0.allowPrivileged = true }
            var machine = try world.machine("box")
            machine.flavor = .trusted
            let topology = Topology(id: world.newID(), endpoints: [machine])
            try await world.build(topology, with: backend)
            let set = try capabilities(await world.ask(.capabilities, in: topology.id, at: "box"))
            try require(set & (1 << 21) != 0, "it lacks SYS_ADMIN")
        },
    ]

    private static func limited(_ world: ConformanceWorld) async throws -> Topology {
        var machine = try world.machine("box")
        machine.limits = ResourceLimits(cpus: 0.25, memoryBytes: 96 << 20, pids: 77)
        return try await world.lab(machine)
    }

    private static func capabilities(_ text: String) throws -> UInt64 {
        try require(UInt64(text, radix: 16), "“\(text)” is no set of capabilities")
    }

    /// From a cgroup's quota and period in microseconds.
    private static func cpus(_ text: String) throws -> Double {
        let parts = text.split(separator: " ").map { Double($0) }
        guard parts.count == 2, let quota = parts[0], let period = parts[1], quota > 0, period > 0 else {
            throw ConformanceFailure(description: "the processor's limit is “\(text)”")
        }
        return quota / period
    }
}

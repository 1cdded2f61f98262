import AntidoteCore

/// What a Docker Engine cannot do of a topology, beyond its missing features.
struct DockerProblems {
    let configuration: DockerConfiguration

    func find(in topology: Topology) -> [TopologyProblem] {
        topology.endpoints.flatMap(problems(with:)) + topology.connections.flatMap(problems(with:))
            + connectionOverlaps(in: topology) + dependencyCycles(in: topology) + restarts(in: topology)
    }

    private func problems(with endpoint: Endpoint) -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        if !ImageName.isLegal(endpoint.image.reference) {
            let error = AntidoteError.imageIllegal(endpoint.image.reference)
            problems.append(invalid(endpoint.name, error.message + ".", error.recovery ?? ""))
        }
        for port in endpoint.ports {
            if case .http(let path) = port.probe,
                !path.hasPrefix("/") || !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
            {
                problems.append(
                    invalid(
                        endpoint.name,
                        "the probe's path “\(path.prefix(80))” is not a plain path.",
                        "Begin it with “/”, without blanks and backslashes."
                    )
                )
            }
            if port.transport == .udp, let probe = port.probe {
                if case .exec = probe { continue }
                problems.append(
                    invalid(
                        endpoint.name,
                        "port \(port.number) is UDP, and its probe needs TCP.",
                        "Leave the probe out, or use an exec probe."
                    )
                )
            }
        }
        if let memory = endpoint.limits.memoryBytes, memory < 6 << 20 {
            problems.append(
                invalid(endpoint.name, "no container runs in less than 6 MiB.", "Raise its memory limit.")
            )
        }
        if let cpus = endpoint.limits.cpus, !(cpus >= 0.01) {
            problems.append(invalid(endpoint.name, "no container runs with \(cpus) cores.", "Use at least 0.01."))
        }
        if let pids = endpoint.limits.pids, pids < 1 {
            problems.append(invalid(endpoint.name, "no container runs with \(pids) processes.", "Use at least 1."))
        }
        return problems
    }

    /// Ranges that mean something to a kernel whatever it is told.
    private static let special = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"]
        .compactMap { IPv4Subnet($0) }

    private func problems(with connection: Connection) -> [TopologyProblem] {
        let reserved = Self.special + configuration.reservedSubnets
        var problems = reserved.filter(connection.subnet.overlaps).map {
            invalid(
                connection.name,
                "its subnet \(connection.subnet) covers \($0), which is reserved.",
                "Use a private range such as 10.10.0.0/24."
            )
        }
        let pool = configuration.addressPool.map { SubnetPool($0) } ?? .standard
        if pool.overlaps(connection.subnet) {
            problems.append(
                invalid(
                    connection.name,
                    "its subnet \(connection.subnet) is in the range that labs are built from.",
                    "Use another, or move the backend's address pool."
                )
            )
        }
        return problems
    }

    private func connectionOverlaps(in topology: Topology) -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        for (index, connection) in topology.connections.enumerated() {
            for other in topology.connections.prefix(index) where other.subnet.overlaps(connection.subnet) {
                problems.append(
                    invalid(connection.name, "its subnet overlaps that of “\(other.name)”.", "Move one of the two.")
                )
            }
            if topology.connections.prefix(index).contains(where: { $0.name == connection.name }) {
                problems.append(invalid(connection.name, "two connections have this name.", "Rename one."))
            }
        }
        return problems
    }

    /// The helper that sets addresses runs once for each start that is ours.
    private func restarts(in topology: Topology) -> [TopologyProblem] {
        let connected = Set(topology.connections.flatMap(\.attachments).map(\.endpoint))
        return topology.endpoints.filter { $0.restartPolicy != .never && connected.contains($0.name) }.map {
            TopologyProblem(
                .unsupported,
                subject: $0.name,
                message: "an engine that restarts it by itself would lose its addresses on the connections.",
                recovery: "Use the restart policy never: Antidote replaces it when it dies."
            )
        }
    }

    private func dependencyCycles(in topology: Topology) -> [TopologyProblem] {
        var waiting = Dictionary(
            topology.endpoints.map { ($0.name, Set($0.dependsOn.map(\.endpoint))) },
            uniquingKeysWith: { $1 }
        )
        while let free = waiting.first(where: { $0.value.isEmpty })?.key {
            waiting[free] = nil
            for name in waiting.keys { waiting[name]?.remove(free) }
        }
        guard let first = waiting.keys.sorted().first else { return [] }
        return [
            invalid(
                first,
                "these endpoints wait for each other: \(waiting.keys.sorted().joined(separator: ", ")).",
                "Break the circle."
            )
        ]
    }

    private func invalid(_ place: String, _ message: String, _ advice: String) -> TopologyProblem {
        TopologyProblem(.invalidTopology, subject: place, message: message, recovery: advice)
    }
}

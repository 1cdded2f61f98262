extension Topology {
    /// What no backend could build: contradictions, illegal names, numbers out of range.
    ///
    /// Backends add what they themselves cannot do.
    public func structuralProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        func report(_ subject: String, _ message: String, _ recovery: String) {
            problems.append(TopologyProblem(.invalidTopology, subject: subject, message: message, recovery: recovery))
        }
        if endpoints.isEmpty { report("topology", "there are no endpoints.", "Add at least one.") }
        if !labDirectory.hasPrefix("/") || labDirectory.contains("..") || labDirectory == "/" {
            report("labDirectory", "“\(labDirectory)” is not an absolute path of its own.", "Use /antidote.")
        }
        var names: Set<String> = []
        for endpoint in endpoints {
            if !Topology.isDNSLabel(endpoint.name) {
                report(endpoint.name, "the name is not a DNS label.", "Use a-z, 0-9 and “-”, at most 63 characters.")
            }
            if !names.insert(endpoint.name).inserted {
                report(endpoint.name, "two endpoints have this name.", "Rename one.")
            }
            if endpoint.replicas < 1 { report(endpoint.name, "it has no replicas.", "Ask for at least one.") }
            var ports: Set<String> = []
            for port in endpoint.ports {
                if !(1...65535).contains(port.number) {
                    report(endpoint.name, "port \(port.number) does not exist.", "Use 1 to 65535.")
                }
                if !ports.insert("\(port.number)/\(port.transport)").inserted {
                    report(endpoint.name, "port \(port.number) comes twice.", "Remove one.")
                }
            }
            for dependency in endpoint.dependsOn where !endpoints.contains(where: { $0.name == dependency.endpoint }) {
                report(endpoint.name, "it depends on “\(dependency.endpoint)”, which is missing.", "Add or remove it.")
            }
        }
        for connection in connections {
            for attachment in connection.attachments {
                if !names.contains(attachment.endpoint) {
                    report(connection.name, "“\(attachment.endpoint)” is no endpoint.", "Name one that exists.")
                }
                if !connection.subnet.contains(attachment.address) {
                    report(
                        connection.name,
                        "\(attachment.address) is outside of \(connection.subnet).",
                        "Use an address of the subnet."
                    )
                }
                let length = attachment.interface.utf8.count
                if !(1...15).contains(length) || attachment.interface == "eth0"
                    || !attachment.interface.utf8.allSatisfy({ Alphabet.isName($0) || $0 == UInt8(ascii: "_") })
                {
                    report(
                        connection.name,
                        "“\(attachment.interface)” cannot name an interface.",
                        "Use 1 to 15 of a-z, 0-9, “-” and “_”, not eth0."
                    )
                }
            }
            if Set(connection.attachments.map(\.endpoint)).count != connection.attachments.count {
                report(connection.name, "an endpoint is attached to it twice.", "Attach it once.")
            }
            if Set(connection.attachments.map(\.address)).count != connection.attachments.count {
                report(connection.name, "two endpoints have the same address.", "Give each its own.")
            }
        }
        return problems + linkProblems() + dependencyProblems()
    }

    /// What contradicts itself from one connection to the next.
    private func linkProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        func report(_ subject: String, _ message: String, _ recovery: String) {
            problems.append(TopologyProblem(.invalidTopology, subject: subject, message: message, recovery: recovery))
        }
        var names: Set<String> = []
        var interfaces: [String: Set<String>] = [:]
        var subnets: [String: [IPv4Subnet]] = [:]
        for connection in connections {
            if !names.insert(connection.name).inserted {
                report(connection.name, "two connections have this name.", "Rename one.")
            }
            for attachment in connection.attachments {
                let end = attachment.endpoint
                if !interfaces[end, default: []].insert(attachment.interface).inserted {
                    report(end, "two of its interfaces are named “\(attachment.interface)”.", "Rename one.")
                }
                if subnets[end, default: []].contains(where: connection.subnet.overlaps) {
                    report(end, "its connections overlap at \(connection.subnet).", "Use a subnet for each.")
                }
                subnets[end, default: []].append(connection.subnet)
            }
        }
        return problems
    }

    /// Endpoints that wait for each other, and so for ever.
    private func dependencyProblems() -> [TopologyProblem] {
        var waiting = Dictionary(
            endpoints.map { ($0.name, Set($0.dependsOn.map(\.endpoint))) },
            uniquingKeysWith: { first, _ in first }
        )
        let known = Set(waiting.keys)
        while let free = waiting.first(where: { $0.value.allSatisfy { waiting[$0] == nil || !known.contains($0) } }) {
            waiting[free.key] = nil
        }
        guard !waiting.isEmpty else { return [] }
        let names = waiting.keys.sorted()
        return [
            TopologyProblem(
                .invalidTopology,
                subject: names[0],
                message: "endpoints wait for each other: \(names.joined(separator: ", ")).",
                recovery: "Break the circle in dependsOn."
            )
        ]
    }

    /// RFC 1123: 1 to 63 of a-z, 0-9 and “-”, which is neither first nor last.
    static func isDNSLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), bytes.allSatisfy(Alphabet.isName) else { return false }
        return bytes.first != UInt8(ascii: "-") && bytes.last != UInt8(ascii: "-")
    }
}

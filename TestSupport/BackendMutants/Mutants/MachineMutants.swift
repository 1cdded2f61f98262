import AntidoteCore
import AntidoteTesting

extension BackendMutant {
    /// Wrong about what machines are made from: a backend with a model of its machines can show these.
    public static let machines: [BackendMutant] = [
        BackendMutant("drops environment variables", ["create/environment"]) {
            $0.endpoint = { $0.with { $0.environment = $0.environment.filter { $0.key == "LAB_NAME" } } }
        },
        BackendMutant("drops secrets", ["create/secret"]) {
            $0.endpoint = {
                $0.with { endpoint in
                    endpoint.environment = endpoint.environment.filter {
                        if case .secret = $0.value { false } else { true }
                    }
                }
            }
        },
        BackendMutant("starts everything at once", ["create/dependencies"]) {
            $0.endpoint = { $0.with { $0.dependsOn = [] } }
        },
        BackendMutant(
            "omits the machines' names",
            ["names/between-machines", "names/own", "names/from-jobs", "names/long", "many/machines"]
        ) {
            $0.topology = { topology in
                var topology = topology
                for index in topology.endpoints.indices { topology.endpoints[index].name = "m\(index)" }
                topology.connections = []
                return topology
            }
        },
        BackendMutant("has a stranger in each lab", ["names/absent", "names/other-labs"]) {
            $0.topology = { topology in
                var topology = topology
                for name in ["web", "theirs", "mine"] where !topology.endpoints.contains(where: { $0.name == name }) {
                    topology.endpoints += topology.endpoints.prefix(1).map { $0.with { $0.name = name } }
                }
                return topology
            }
        },
        BackendMutant("drops the machines' files", ["files/contents"]) {
            $0.endpoint = { $0.with { $0.files = $0.files.filter { $0 == "lab.sh" } } }
        },
        BackendMutant("gives every file the same mode", ["files/modes"]) {
            $0.endpoint = { $0.withFiles { file in file.mode = 0o755 } }
        },
        BackendMutant("has plain and short file names only", ["files/odd-names"]) {
            $0.endpoint = { endpoint in
                endpoint.with { $0.files = $0.files.filter { $0.utf8.count < 100 && $0.first != "-" } }
            }
        },
        BackendMutant("cuts files off after a megabyte", ["files/large"]) {
            $0.endpoint = { $0.withFiles { file in file.contents = Array(file.contents.prefix(1 << 20)) } }
        },
        BackendMutant("drops the jobs' files", ["files/of-jobs"]) {
            $0.job = { $0.with { $0.files = $0.files.filter { $0 == "lab.sh" } } }
        },
        BackendMutant("lets nothing listen on TCP", ["ports/tcp-in-lab", "ports/undeclared"]) {
            $0.endpoint = {
                $0.with { endpoint in
                    endpoint.arguments = endpoint.arguments?.filter { !$0.hasPrefix("web:") }
                    endpoint.ports = endpoint.ports.filter { $0.number == LabRole.agentPort }
                }
            }
        },
        BackendMutant("lets nothing listen on UDP", ["ports/udp-in-lab"]) {
            $0.endpoint = {
                $0.with { $0.arguments = $0.arguments?.filter { !$0.hasPrefix("echo:") } }
            }
        },
        BackendMutant("exposes every port", ["ports/exposure-in-result"]) {
            $0.endpoint = { $0.withPorts { port in port.exposure = .owner } }
        },
        BackendMutant(
            "does not wait for probes",
            [
                "probes/http-closed", "probes/tcp-closed", "probes/exec-fails", "probes/http-500", "progress/true",
            ]
        ) { $0.endpoint = { $0.withPorts { port in port.probe = nil } } },
        BackendMutant(
            "takes a port that accepts for ready",
            ["probes/http-silent", "probes/ssh-silent"]
        ) { $0.endpoint = { $0.withPorts { port in port.probe = port.probe.map { _ in .tcp } } } },
        BackendMutant(
            "never finds a machine ready",
            ["probes/http", "probes/ssh", "probes/tcp", "probes/exec", "probes/late"]
        ) {
            $0.converge = { base, topology, authority, progress in
                _ = try await base.converge(topology, under: authority, progress: progress)
                throw AntidoteError(.endpointNotReady, "it is not ready")
            }
        },
        BackendMutant("takes a page that is not found for a broken server", ["probes/http-404"]) {
            $0.endpoint = {
                $0.withPorts { port in
                    if port.probe == .http(path: "/no") { port.probe = .http(path: "/broken") }
                }
            }
        },
        BackendMutant("chooses addresses of its own", ["connections/addresses"]) {
            $0.topology = {
                $0.withLinks { link in
                    for index in link.attachments.indices { link.attachments[index].address.bits += 100 }
                }
            }
        },
        BackendMutant("makes no connections", ["connections/reach"]) {
            $0.topology = { topology in
                var topology = topology
                topology.connections = []
                return topology
            }
        },
        BackendMutant("forgets the names of machines with connections", ["connections/names"]) {
            $0.topology = { topology in
                var topology = topology
                func hidden(_ name: String) -> String { name == "b" ? "bb" : name }
                for index in topology.endpoints.indices {
                    topology.endpoints[index].name = hidden(topology.endpoints[index].name)
                }
                for index in topology.connections.indices {
                    for end in topology.connections[index].attachments.indices {
                        let name = topology.connections[index].attachments[end].endpoint
                        topology.connections[index].attachments[end].endpoint = hidden(name)
                    }
                }
                return topology
            }
        },
        BackendMutant("connects every machine with every connection", ["connections/private"]) {
            $0.topology = { topology in
                topology.withLinks { link in
                    let attached = Set(link.attachments.map(\.endpoint))
                    for (index, endpoint) in topology.endpoints.enumerated() where !attached.contains(endpoint.name) {
                        link.attachments.append(
                            .init(
                                endpoint: endpoint.name,
                                address: IPv4Address(bits: link.subnet.base.bits + 50 + UInt32(index)),
                                interface: "extra"
                            )
                        )
                    }
                }
            }
        },
        BackendMutant("makes only the first connection", ["connections/several"]) {
            $0.topology = { topology in
                var topology = topology
                topology.connections = Array(topology.connections.prefix(1))
                return topology
            }
        },
        BackendMutant("lets every machine forward", ["connections/forwarding"]) {
            $0.endpoint = { $0.with { $0.forwardsIPv4 = true } }
        },
    ]
}

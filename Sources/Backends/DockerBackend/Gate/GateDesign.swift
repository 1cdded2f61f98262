import AntidoteCore

/// The one container of a lab through which its owner comes in, and from which its ports are probed.
struct GateDesign: Sendable, Hashable {
    let exposures: [Exposure]

    /// A port that is let through.
    struct Exposure: Sendable, Hashable {
        var endpoint: String
        var port: Int
        var transport: Topology.Port.Transport
        /// Where the gate listens, on its outer interface.
        var gatePort: Int
        /// The host's address that it is published on.
        var address: String

        var gateKey: String { "\(gatePort)/\(transport.rawValue)" }
    }

    /// The first port that a gate listens on.
    static let firstPort = 10_000

    init(_ topology: Topology, settings: ContainerSettings) {
        var exposures: [Exposure] = []
        for endpoint in topology.endpoints {
            for port in endpoint.ports where port.exposure != .lab {
                let address = port.exposure == .public ? settings.publicAddress : nil
                exposures.append(
                    Exposure(
                        endpoint: endpoint.name,
                        port: port.number,
                        transport: port.transport,
                        gatePort: Self.firstPort + exposures.count,
                        address: address ?? settings.publishAddress
                    )
                )
            }
        }
        self.exposures = exposures
    }

    /// What the gate runs.
    ///
    /// It listens on the outer interface only: on the lab's it would be a way for one endpoint to reach another's
    /// ports under a false address. Endpoint names are DNS labels and need no quoting.
    var script: String {
        var lines: [String] = []
        for exposure in exposures {
            let kind = exposure.transport == .tcp ? "TCP4" : "UDP4"
            let device = "so-bindtodevice=\(LabNetwork.gate.interfacePrefix)0"
            let listen = "\(kind)-LISTEN:\(exposure.gatePort),\(device),fork,reuseaddr"
            let limits = exposure.transport == .tcp ? ",backlog=128,max-children=512" : ",max-children=512"
            // A UDP conversation has no end: it is over after a minute of silence.
            let idle = exposure.transport == .tcp ? "" : "-T 60 "
            let connect = exposure.transport == .tcp ? ",connect-timeout=5" : ""
            let target = "\(kind):\(exposure.endpoint):\(exposure.port)\(connect)"
            lines.append("while :; do socat \(idle)\(listen)\(limits) \(target) 2>/dev/null; sleep 1; done &")
        }
        lines.append("exec tail -f /dev/null")
        return lines.joined(separator: "\n")
    }

    /// The gate as a container, created on `network`.
    func container(
        image: String,
        network: String,
        labels: [String: String],
        settings: ContainerSettings
    ) -> ContainerSpecification {
        var gate = ContainerSpecification(image: image)
        // The engine makes it an alias: with a dot no endpoint can have the same.
        gate.hostname = "gate.antidote"
        gate.entrypoint = ["/bin/sh", "-c"]
        gate.command = [script]
        gate.labels = labels
        gate.host.networkMode = network
        gate.host.memory = 128 << 20
        gate.host.memorySwap = 128 << 20
        gate.host.nanoCPUs = 1_000_000_000
        gate.host.pidsLimit = 2048
        gate.host.capabilitiesDropped = ["ALL"]
        // For binding to an interface.
        gate.host.capabilitiesAdded = ["NET_RAW"]
        gate.host.sysctls = ["net.ipv4.ip_forward": "0"]
        gate.host.log = settings.logSettings
        gate.host.closeNameLookup()
        if !exposures.isEmpty {
            gate.exposedPorts = Dictionary(uniqueKeysWithValues: exposures.map { ($0.gateKey, EmptyObject()) })
            gate.host.portBindings = Dictionary(
                uniqueKeysWithValues: exposures.map {
                    ($0.gateKey, [PortBinding(hostAddress: $0.address, hostPort: "")])
                }
            )
        }
        return gate
    }
}

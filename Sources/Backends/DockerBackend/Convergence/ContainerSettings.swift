import AntidoteCore

/// How endpoints and jobs are run: the closed boundary, the limits and the flavors, in the engine's words.
struct ContainerSettings: Sendable {
    var defaultLimits: ResourceLimits
    var runtimes: [Flavor: String]
    var logLimit: Int
    var publishAddress: String
    var publicAddress: String?

    init(_ configuration: DockerConfiguration) {
        defaultLimits = configuration.defaultLimits
        runtimes = configuration.runtimes
        logLimit = configuration.logLimit
        publishAddress = configuration.publishAddress
        publicAddress = configuration.publicAddress
    }

    /// What sshd and sudo need; nothing that touches the network's lower layers.
    static let untrustedCapabilities = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID", "SYS_CHROOT",
    ]

    /// `limits` with the defaults where it is silent.
    func limits(_ limits: ResourceLimits) -> ResourceLimits {
        ResourceLimits(
            cpus: limits.cpus ?? defaultLimits.cpus,
            memoryBytes: limits.memoryBytes ?? defaultLimits.memoryBytes,
            pids: limits.pids ?? defaultLimits.pids,
            storageBytes: limits.storageBytes
        )
    }

    /// The host's side of a container on the lab's network. `cpus` is how many the engine's host has.
    func hostSettings(
        network: String,
        egress: EgressPolicy,
        flavor: Flavor,
        limits asked: ResourceLimits,
        cpus: Int
    ) -> HostSettings {
        let limits = limits(asked)
        var host = HostSettings()
        host.networkMode = network
        host.memory = limits.memoryBytes
        host.memorySwap = limits.memoryBytes
        // The engine refuses more than its host has.
        host.nanoCPUs = limits.cpus.map { Int64(min($0, Double(max(1, cpus))) * 1_000_000_000) }
        host.pidsLimit = limits.pids
        host.log = logSettings
        host.runtime = runtimes[flavor]
        switch flavor {
        case .untrusted:
            host.capabilitiesDropped = ["ALL"]
            host.capabilitiesAdded = Self.untrustedCapabilities
        case .legacy:
            host.capabilitiesDropped = ["ALL"]
            host.capabilitiesAdded = (Self.untrustedCapabilities + ["NET_ADMIN"]).sorted()
        case .trusted:
            host.privileged = true
        }
        if egress == .closed { host.closeNameLookup() }
        return host
    }

    var logSettings: LogSettings {
        LogSettings(type: "json-file", options: ["max-size": String(logLimit), "max-file": "1"])
    }
}

extension HostSettings {
    /// Names of the lab are the engine's own to answer; for others it asks a server that is not there.
    ///
    /// Left to itself it would ask the host's, on some engines from the host's own namespace. The options keep a
    /// lookup from stalling for 20 seconds.
    mutating func closeNameLookup() {
        dns = ["127.0.0.1"]
        dnsOptions = ["timeout:1", "attempts:1"]
        dnsSearch = ["."]
    }
}

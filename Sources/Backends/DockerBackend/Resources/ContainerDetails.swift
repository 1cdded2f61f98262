import AntidoteCore

/// What the engine tells of one container.
struct ContainerDetails: Decodable, Sendable {
    var id: String
    var name: String
    var state: State
    var configuration: Configuration
    var network: Network

    struct State: Decodable, Sendable {
        var status: String
        var exitCode: Int
        var outOfMemory: Bool
        var error: String?
        /// RFC 3339; year 1 when it never was.
        var startedAt: String
        var finishedAt: String

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case exitCode = "ExitCode"
            case outOfMemory = "OOMKilled"
            case error = "Error"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
        }

        var isAlive: Bool { ["running", "restarting", "paused"].contains(status) }
        var wasStarted: Bool { !startedAt.hasPrefix("0001-") }
    }

    struct Configuration: Decodable, Sendable {
        var labels: [String: String]?
        /// `NAME=value`. With secrets among them: not to be shown.
        var environment: [String]?

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case environment = "Env"
        }
    }

    struct Network: Decodable, Sendable {
        /// By `80/tcp`; `null` for what is not published.
        var ports: [String: [PortBinding]?]?

        /// By network name.
        var places: [String: Place]?

        enum CodingKeys: String, CodingKey {
            case ports = "Ports"
            case places = "Networks"
        }
    }

    /// Where a running container is on one network.
    struct Place: Decodable, Sendable {
        var network: String
        /// `02:42:…`; empty while it does not run.
        var hardwareAddress: String

        enum CodingKeys: String, CodingKey {
            case network = "NetworkID"
            case hardwareAddress = "MacAddress"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case state = "State"
        case configuration = "Config"
        case network = "NetworkSettings"
    }

    var labels: [String: String] { configuration.labels ?? [:] }

    /// Whether it was made with these secrets. The engine keeps them with the container, and no digest of them is kept.
    func has(_ secrets: [String: Secret]) -> Bool {
        secrets.allSatisfy { (configuration.environment ?? []).contains("\($0.key)=\($0.value.reveal())") }
    }

    /// The address of its interface on a network, as the kernel writes it. `nil` if it is not there.
    func hardwareAddress(on network: String) -> String? {
        let address = (self.network.places ?? [:]).values.first { $0.network == network }?.hardwareAddress
        return address.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }

    /// The host's port for `80/tcp`.
    func hostPort(of port: String) -> Int? {
        (network.ports?[port] ?? nil)?.lazy.compactMap { Int($0.hostPort) }.first
    }
}

/// The answer to a create: an id, and what the engine did not do.
struct Created: Decodable, Sendable {
    var id: String
    var warnings: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        let several = try container.decodeIfPresent([String].self, forKey: .warnings) ?? []
        let single = try container.decodeIfPresent(String.self, forKey: .warning)
        warnings = (several + [single].compactMap(\.self)).filter { !$0.isEmpty }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case warnings = "Warnings"
        case warning = "Warning"
    }
}

/// How a container ended.
struct WaitOutcome: Decodable, Sendable {
    var status: Int

    enum CodingKeys: String, CodingKey { case status = "StatusCode" }
}

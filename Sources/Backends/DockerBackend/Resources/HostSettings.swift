/// What a container may do on its host.
struct HostSettings: Encodable, Sendable, Hashable {
    var networkMode: String?
    var memory: Int64?
    /// Memory and swap together; equal to `memory`, or swap would double it.
    var memorySwap: Int64?
    var nanoCPUs: Int64?
    var pidsLimit: Int?
    var capabilitiesAdded: [String]?
    var capabilitiesDropped: [String]?
    var privileged: Bool?
    var sysctls: [String: String]?
    var dns: [String]?
    var dnsOptions: [String]?
    var dnsSearch: [String]?
    var restartPolicy: RestartSettings?
    var log: LogSettings?
    var runtime: String?
    var portBindings: [String: [PortBinding]]?

    enum CodingKeys: String, CodingKey {
        case networkMode = "NetworkMode"
        case memory = "Memory"
        case memorySwap = "MemorySwap"
        case nanoCPUs = "NanoCpus"
        case pidsLimit = "PidsLimit"
        case capabilitiesAdded = "CapAdd"
        case capabilitiesDropped = "CapDrop"
        case privileged = "Privileged"
        case sysctls = "Sysctls"
        case dns = "Dns"
        case dnsOptions = "DnsOptions"
        case dnsSearch = "DnsSearch"
        case restartPolicy = "RestartPolicy"
        case log = "LogConfig"
        case runtime = "Runtime"
        case portBindings = "PortBindings"
    }
}

struct RestartSettings: Encodable, Sendable, Hashable {
    var name: String
    var maximumRetryCount: Int?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case maximumRetryCount = "MaximumRetryCount"
    }
}

struct LogSettings: Encodable, Sendable, Hashable {
    var type: String
    var options: [String: String]

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case options = "Config"
    }
}

struct PortBinding: Codable, Sendable, Hashable {
    var hostAddress: String
    /// Empty: any that is free.
    var hostPort: String

    enum CodingKeys: String, CodingKey {
        case hostAddress = "HostIp"
        case hostPort = "HostPort"
    }
}

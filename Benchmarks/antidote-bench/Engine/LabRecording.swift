import AntidoteCore
import Foundation

/// What a backend asked of its engine to bring one lab up, sorted by what each request was for.
///
/// What a script needs of it is kept: what only guards against crashes and other workers (lists, events, second looks)
/// is not.
struct LabRecording: Sendable {
    struct Container: Sendable {
        var id: String
        var name: String
        /// `gate`, `endpoint` or `helper`.
        var role: String
        /// The endpoint that it is, or helps.
        var endpoint: String
        var create: PlainRequest
        var connects: [PlainRequest] = []
        var upload: PlainRequest?
        /// The addresses of its interfaces, by network.
        var addresses: [String: String] = [:]
    }

    struct Network: Sendable {
        var id: String
        /// The first address, as it is written before the slash.
        var subnet: String
        var create: PlainRequest
    }

    var environment = ""
    var networks: [Network] = []
    var containers: [Container] = []
    /// Commands in the gate, which end when the ports of one endpoint are ready.
    var probes: [PlainRequest] = []
    var probeStart: PlainRequest?

    init(_ exchanges: [RecordingProxy.Exchange]) throws {
        for exchange in exchanges {
            let words = Self.words(of: exchange.request)
            switch (exchange.request.method, words.first, words.last) {
            case ("POST", "networks", "create"): try add(network: exchange)
            case ("POST", "containers", "create"): try add(container: exchange)
            case ("POST", "networks", "connect"):
                let id = try JSONDecoder().decode(Attachment.self, from: Data(exchange.request.body)).container
                change(id) { $0.connects.append(exchange.request) }
            case ("PUT", "containers", "archive"): change(words[1]) { $0.upload = exchange.request }
            case ("POST", "containers", "exec"): probes.append(exchange.request)
            case ("POST", "exec", "start"): probeStart = exchange.request
            case ("GET", "containers", "json") where words.count == 3: try note(inspection: exchange)
            default: break
            }
        }
    }

    /// The path without its version and query.
    private static func words(of request: PlainRequest) -> [String] {
        let path = request.path.split(separator: "?").first ?? ""
        return path.split(separator: "/").map(String.init).filter { !$0.hasPrefix("v1.") }
    }

    private mutating func change(_ id: String, _ change: (inout Container) -> Void) {
        guard let index = containers.firstIndex(where: { $0.id == id }) else { return }
        change(&containers[index])
    }

    private mutating func add(network exchange: RecordingProxy.Exchange) throws {
        let plan = try JSONDecoder().decode(NetworkPlan.self, from: Data(exchange.request.body))
        let answer = try PlainAnswer(exchange.answer)
        guard answer.status < 400 else { return }
        let subnet = plan.addresses.ranges.first?.subnet.split(separator: "/").first.map(String.init) ?? ""
        networks.append(
            Network(id: try answer.decode(BareEngine.Named.self).id, subnet: subnet, create: exchange.request)
        )
    }

    private mutating func add(container exchange: RecordingProxy.Exchange) throws {
        let labels = try JSONDecoder().decode(Labelled.self, from: Data(exchange.request.body)).labels
        let answer = try PlainAnswer(exchange.answer)
        guard answer.status < 400 else { return }
        environment = labels["labs.antidote.environment"] ?? environment
        containers.append(
            Container(
                id: try answer.decode(BareEngine.Named.self).id,
                name: exchange.request.path,
                role: labels["labs.antidote.role"] ?? "",
                endpoint: labels["labs.antidote.endpoint"] ?? "",
                create: exchange.request
            )
        )
    }

    private mutating func note(inspection exchange: RecordingProxy.Exchange) throws {
        let details = try PlainAnswer(exchange.answer).decode(Inspection.self)
        change(details.id) { $0.addresses.merge(details.addresses) { $1 } }
    }
}

private struct Attachment: Decodable {
    var container: String

    enum CodingKeys: String, CodingKey { case container = "Container" }
}

private struct Labelled: Decodable {
    var labels: [String: String]

    enum CodingKeys: String, CodingKey { case labels = "Labels" }
}

private struct NetworkPlan: Decodable {
    var addresses: Addresses

    struct Addresses: Decodable {
        var ranges: [Range]

        enum CodingKeys: String, CodingKey { case ranges = "Config" }
    }

    struct Range: Decodable {
        var subnet: String

        enum CodingKeys: String, CodingKey { case subnet = "Subnet" }
    }

    enum CodingKeys: String, CodingKey { case addresses = "IPAM" }
}

/// What a script wants to know of a running container.
struct Inspection: Decodable {
    var id: String
    /// The addresses of its interfaces, by the network's id.
    var addresses: [String: String]

    private struct Settings: Decodable {
        var networks: [String: Place]?

        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    private struct Place: Decodable {
        var network: String
        var address: String

        enum CodingKeys: String, CodingKey {
            case network = "NetworkID"
            case address = "MacAddress"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case settings = "NetworkSettings"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        addresses = [:]
        for place in (try container.decode(Settings.self, forKey: .settings).networks ?? [:]).values
        where !place.address.isEmpty {
            addresses[place.network] = place.address.lowercased()
        }
    }
}

import HTTPTransport

extension EngineClient {
    func networks(labels: [String: String]) async throws -> [NetworkSummary] {
        let filters = try Self.json(["label": LabelFilter.terms(labels)])
        return try await decode(from: Call("network.list", .get, ["networks"]).asking([("filters", filters)]))
    }

    /// Of whomever.
    func allNetworks() async throws -> [NetworkSummary] {
        try await decode(from: Call("network.list", .get, ["networks"]))
    }

    func createNetwork(_ specification: NetworkSpecification) async throws -> Created {
        let call = try Call("network.create", .post, ["networks", "create"], place: specification.name)
            .sending(specification)
        return try Self.decode(Created.self, from: try await perform(call).body, of: call)
    }

    func connect(_ container: String, to network: String, aliases: [String]? = nil) async throws {
        let settings = aliases.map { EndpointSettings(aliases: $0) }
        let call = try Call("network.connect", .post, ["networks", network, "connect"], place: network)
            .sending(NetworkAttachment(container: container, settings: settings))
        do {
            _ = try await perform(call)
        } catch let failure as EngineFailure where failure.message.contains("already exists in network") {
            // Another worker of this incarnation was faster.
        }
    }

    /// Absent is success.
    func removeNetwork(_ id: String) async throws {
        _ = try await perform(Call("network.remove", .delete, ["networks", id], place: id), accepting: [404])
    }
}

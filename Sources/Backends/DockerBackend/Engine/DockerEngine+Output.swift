import AntidoteCore

extension DockerEngine {
    /// The last that an endpoint printed, for an error: without its secrets. `nil` if that is nothing, or if its
    /// secrets cannot be told now, so that they could not be kept out.
    func lastOutput(of endpoint: Endpoint, container: String) async throws -> String? {
        let environment = try? await ResolvedEnvironment(
            endpoint.environment,
            resolver: configuration.secrets,
            place: endpoint.name
        )
        guard let environment else { return nil }
        let tail = try await client.logTail(of: container, lines: 60).text(without: environment.secrets)
        return tail.isEmpty ? nil : tail
    }
}

import AntidoteCore

/// Removes everything of an environment up to an incarnation, and returns when it is gone.
struct Destroyer: Sendable {
    let engine: DockerEngine
    let id: TopologyID
    let authority: Authority

    /// A worker that was stopped in the middle may still make something: what is there is read until it is nothing.
    private static let rounds = 20

    func run() async throws {
        try engine.checkOwnership(of: id)
        try authority.check()
        let mutate = Mutation(client: engine.client, authority: authority)
        let client = engine.client
        for round in 0..<Self.rounds {
            async let containers = client.containers(labels: id.environmentLabels)
            async let networks = client.networks(labels: id.environmentLabels)
            let found = (
                try await containers.filter { isDue($0.labels) }, try await networks.filter { isDue($0.labels) }
            )
            if found.0.isEmpty, found.1.isEmpty { return }
            if round > 0 { try await engine.configuration.time.sleep(.milliseconds(100 * round)) }
            try await forEachConcurrently(found.0) { container in
                try await mutate("container.remove") { try await client.removeContainer(container.id) }
            }
            try await forEachConcurrently(found.1) { network in
                do {
                    try await mutate("network.remove") { try await client.removeNetwork(network.id) }
                } catch let failure as EngineFailure where failure.message.contains("active endpoints") {
                    // Somebody has put something on it since: the next round sees it.
                }
            }
        }
        throw AntidoteError(
            .backendUnavailable,
            "parts of the lab \(id) come back, or cannot be removed",
            recovery: "Something else holds on to its networks: “docker network inspect” shows what."
        )
    }

    /// Never a later incarnation, and nothing whose labels are not wholly ours.
    private func isDue(_ labels: [String: String]) -> Bool {
        guard let found = TopologyID(labels: labels) else { return false }
        return found.instance == id.instance && found.store == id.store && found.environment == id.environment
            && found.incarnation <= id.incarnation
    }
}

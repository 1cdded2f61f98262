@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import Testing

@testable import DockerBackend

/// Does at the engine what an administrator or an accident does.
struct DockerHands: ProviderPartsHands {
    private let engine: DockerEngine
    private var client: EngineClient { engine.client }

    init() throws {
        engine = try DockerEngine(
            DockerConfiguration(
                instance: try InstanceID(validating: "hands"),
                store: RandomSource.system.storeID(),
                address: try TestEngine.address()
            )
        )
    }

    func kill(_ endpoint: String, of id: TopologyID) async throws {
        let container = try await client.container(Names(id).endpoint(endpoint)).id
        try await client.killContainer(container)
        // Until the engine has seen it: a case looks at what is there next.
        while try await client.container(container).state.isAlive { await Task.yield() }
    }

    func remove(_ endpoint: String, of id: TopologyID) async throws {
        try await client.removeContainer(try await client.container(Names(id).endpoint(endpoint)).id)
    }

    func removeNetworks(of id: TopologyID) async throws {
        for network in try await client.networks(labels: id.labels) {
            for container in try await client.containers(labels: id.labels) {
                _ = try? await HostProgram.output(
                    docker + ["network", "disconnect", "--force", network.id, container.id]
                )
            }
            try await client.removeNetwork(network.id)
        }
    }

    func plantForeign(named endpoint: String, of id: TopologyID) async throws -> any ForeignThing {
        let specification = ContainerSpecification(
            image: Bench.image.reference,
            entrypoint: ["sleep"],
            command: ["1000000"]
        )
        let created = try await client.createContainer(Names(id).endpoint(endpoint), specification)
        try await client.startContainer(created.id)
        return ForeignContainer(engine: engine, id: created.id)
    }

    func things(of instance: InstanceID) async throws -> Int {
        let labels = [Label.instance: instance.rawValue]
        return try await client.containers(labels: labels).count + client.networks(labels: labels).count
    }

    private var docker: [String] {
        get throws { ["docker", "--host", try TestEngine.address().description] }
    }
}

/// A container that is not ours.
struct ForeignContainer: ForeignThing {
    let engine: DockerEngine
    let id: String

    func isUntouched() async throws -> Bool { try await engine.client.container(id).state.isAlive }
    func remove() async throws { try await engine.client.removeContainer(id) }
}

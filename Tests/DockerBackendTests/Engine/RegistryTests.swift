import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("A private registry")
struct RegistryTests {
    @Test("with the right credentials the image is pulled, and its bytes are told; by its digest too")
    func pulled() async throws {
        try await PrivateRegistry.with { registry in
            for reference in [registry.tagged, registry.pinned] {
                try await withBench(registry, [registry.host: registry.credential]) { bench in
                    let most = Shared<Int64>(0)
                    let progress = ProgressReporter { item in
                        guard case .endpoint("box", .pulling(let done, _)) = item else { return }
                        most.change { $0 = max($0, done) }
                    }
                    _ = try await bench.converge(bench.topology([box(reference)]), progress: progress)
                    // Noise cannot be packed.
                    #expect(most.value > 8_000_000)
                    #expect(try await bench.client.image(reference) != nil)
                    #expect(try await bench.backend.inventory().map(\.state) == [.running])
                }
                try await registry.forget()
                let isGone = try await Bench.with { try await $0.client.image(reference) == nil }
                #expect(isGone)
            }
        }
    }

    @Test("the credentials that “docker login” left in its file are used")
    func configurationFile() async throws {
        try await PrivateRegistry.with { registry in
            let directory = DockerConfigFile.directory(["DOCKER_CONFIG": registry.configurationDirectory])
            try await withBench(registry, [:], configurationDirectory: directory) { bench in
                _ = try await bench.converge(bench.topology([box(registry.tagged)]))
                #expect(try await bench.backend.inventory().map(\.state) == [.running])
            }
        }
    }

    @Test("wrong credentials or none are denied, an image that is not there is missing, and no secret is told")
    func denied() async throws {
        try await PrivateRegistry.with { registry in
            let wrong = RegistryCredential(
                username: PrivateRegistry.username,
                password: Secret(PrivateRegistry.password + "-wrong")
            )
            let cases: [([String: RegistryCredential], String, AntidoteError.Code)] = [
                ([registry.host: wrong], registry.tagged, .registryDenied),
                ([:], registry.tagged, .registryDenied),
                (["registry.example": registry.credential], registry.tagged, .registryDenied),
                ([registry.host: registry.credential], registry.host + "/private/none:1", .imageMissing),
                ([registry.host: registry.credential], registry.host + "/private/box:2", .imageMissing),
            ]
            for (credentials, reference, code) in cases {
                try await withBench(registry, credentials) { bench in
                    let topology = bench.topology([box(reference)])
                    let found = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
                    let error = try #require(found)
                    #expect(error.code == code, "\(reference): \(error)")
                    #expect(error.subject == reference)
                    #expect(error.recovery != nil)
                    #expect(try await bench.containers().isEmpty)
                    for text in ["\(error)", String(reflecting: error), "\(bench.configuration)"] {
                        #expect(!text.contains(PrivateRegistry.password))
                    }
                }
            }
        }
    }

    /// A bench that knows these credentials only, and not those of whoever runs the tests.
    private func withBench(
        _ registry: PrivateRegistry,
        _ credentials: [String: RegistryCredential],
        configurationDirectory: String = "/nonexistent",
        _ body: (Bench) async throws -> Void
    ) async throws {
        func change(_ configuration: inout DockerConfiguration) {
            configuration.registryCredentials = credentials
            configuration.configurationDirectory = configurationDirectory
            configuration.gateImage = Bench.image
        }
        try await Bench.with(change, body)
    }

    private func box(_ reference: String) -> Endpoint {
        var box = Endpoint.idle("box")
        box.image = ImageReference(reference, pullPolicy: .ifMissing)
        return box
    }
}

import AntidoteCore
import AntidoteTesting
import SecretCanaries
import Testing

@testable import DockerBackend

/// Docker's backend as the conformance suite tries it: against the real engine of these tests.
struct DockerSubject: ConformanceSubject {
    let name = "docker"
    let tools = Bench.image
    /// The engine is shared with everything else that is tested meanwhile.
    let patience: Duration = .seconds(300)
    let privateRegistry: PrivateRegistry?
    /// Whether the watch for secrets sees what comes out: not of a backend that is broken on purpose.
    let isRecorded: Bool

    let hands: (any ProviderHands)?
    var outside: (any OutsideWorld)? { LinuxHost() }

    init(privateRegistry: PrivateRegistry?, isRecorded: Bool = true) throws {
        self.privateRegistry = privateRegistry
        self.isRecorded = isRecorded
        hands = try DockerHands()
    }

    var registry: ConformanceRegistry? {
        privateRegistry.map { registry in
            ConformanceRegistry(image: registry.tagged, byDigest: registry.pinned, forget: registry.forget)
        }
    }

    func backend(for installation: ConformanceInstallation) async throws -> any AntidoteBackend {
        let backend = try DockerBackend(configuration: try configuration(for: installation))
        return isRecorded ? RecordedBackend(backend) : backend
    }

    func configuration(for installation: ConformanceInstallation) throws -> DockerConfiguration {
        var configuration = DockerConfiguration(
            instance: installation.instance,
            store: installation.store,
            owner: "conformance",
            address: try TestEngine.address(),
            // Nobody's own credentials, and nobody's leftover ones.
            configurationDirectory: "/nonexistent",
            endpointDeadline: installation.endpointDeadline
        )
        configuration.allowPrivileged = installation.allowPrivileged
        if let privateRegistry {
            switch installation.credentials {
            case .right: configuration.registryCredentials = [privateRegistry.host: privateRegistry.credential]
            case .wrong:
                let wrong = RegistryCredential(username: PrivateRegistry.username, password: Canary.secret("guessed"))
                configuration.registryCredentials = [privateRegistry.host: wrong]
            case .none: break
            }
        }
        return configuration
    }
}

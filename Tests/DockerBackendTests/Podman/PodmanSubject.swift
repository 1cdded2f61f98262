@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import DockerBackend
import Foundation
import Testing

/// Docker's backend, pointed at Podman.
struct PodmanSubject: ConformanceSubject {
    let name = "docker, at Podman"
    let tools = Bench.image

    func backend(for installation: ConformanceInstallation) async throws -> any AntidoteBackend {
        try DockerBackend(configuration: try Self.configuration(for: installation))
    }

    func refusal() async throws -> String? {
        do {
            try await DockerBackend(configuration: try Self.configuration()).probe()
            return nil
        } catch let error as AntidoteError where error.code == .backendRefused {
            return error.message
        }
    }

    static func configuration(
        for installation: ConformanceInstallation = ConformanceInstallation(
            instance: InstanceID(unchecked: "p" + RandomSource.system.base32(length: 9)),
            store: RandomSource.system.storeID()
        )
    ) throws -> DockerConfiguration {
        let path = try #require(
            ProcessInfo.processInfo.environment["ANTIDOTE_TEST_PODMAN_SOCKET"],
            "set ANTIDOTE_TEST_PODMAN_SOCKET to the socket of a Podman service (Scripts/podman start)"
        )
        return DockerConfiguration(
            instance: installation.instance,
            store: installation.store,
            owner: "conformance",
            address: .unixSocket(path: path.replacing("unix://", with: "")),
            configurationDirectory: "/nonexistent"
        )
    }
}

import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the credentials for a registry: in the configuration, then where the Docker command line keeps them.
struct CredentialStore: Sendable {
    private let configured: [String: RegistryCredential]
    private let file: DockerConfigFile?
    private let helper: CredentialHelper

    init(_ configuration: DockerConfiguration) throws {
        let directory =
            configuration.configurationDirectory ?? DockerConfigFile.directory(ProcessInfo.processInfo.environment)
        self.init(
            configured: configuration.registryCredentials,
            file: try DockerConfigFile.read(from: directory),
            helper: CredentialHelper(time: configuration.time)
        )
    }

    init(configured: [String: RegistryCredential], file: DockerConfigFile?, helper: CredentialHelper) {
        self.configured = configured
        self.file = file
        self.helper = helper
    }

    /// `nil`: the registry is asked without any.
    func credential(for name: ImageName) async throws -> RegistryCredential? {
        for key in [name.registry] + name.credentialKeys {
            if let credential = configured[key] { return credential }
        }
        guard let file else { return nil }
        for key in name.credentialKeys {
            if let program = file.helpers?[key] ?? file.store, !program.isEmpty {
                if let credential = try await helper.get(program, server: key) { return credential }
            }
            if let credential = file.credential(for: key) { return credential }
        }
        return nil
    }
}

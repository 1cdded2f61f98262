import AntidoteCore

/// Environment variables as the engine wants them, and the secrets among them, for keeping them out of logs.
struct ResolvedEnvironment: Sendable {
    var variables: [String] = []
    var secrets: [Secret] = []

    init(_ environment: [String: EnvironmentValue], resolver: SecretResolver?, place: String) async throws {
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !name.utf8.contains(0) else {
                throw AntidoteError(
                    .invalidTopology,
                    "“\(name.prefix(60))” cannot name an environment variable",
                    place: place
                )
            }
            switch value {
            case .plain(let text):
                variables.append("\(name)=\(text)")
            case .secret(let secret):
                variables.append("\(name)=\(secret.reveal())")
                secrets.append(secret)
            case .reference(let reference):
                guard let resolver else {
                    throw AntidoteError(
                        .unsupported,
                        "the secret “\(reference.name)” cannot be resolved: the backend has no resolver",
                        advice: "Configure one.",
                        place: place
                    )
                }
                let secret = try await resolver(reference)
                variables.append("\(name)=\(secret.reveal())")
                secrets.append(secret)
            }
        }
    }
}

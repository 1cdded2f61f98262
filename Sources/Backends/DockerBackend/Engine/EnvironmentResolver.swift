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
                    subject: place
                )
            }
            let text: String
            switch value {
            case .plain(let plain): text = plain
            case .secret(let secret):
                text = secret.reveal()
                secrets.append(secret)
            case .reference(let reference):
                guard let resolver else {
                    throw AntidoteError(
                        .unsupported,
                        "the secret “\(reference.name)” cannot be resolved: the backend has no resolver",
                        recovery: "Configure one.",
                        subject: place
                    )
                }
                let secret = try await resolver(reference)
                text = secret.reveal()
                secrets.append(secret)
            }
            // An engine would refuse it when it starts, and quote it.
            guard !text.utf8.contains(0) else {
                throw AntidoteError(
                    .invalidTopology,
                    "the value of the environment variable “\(name.prefix(60))” has a NUL in it",
                    recovery: "A process cannot be given one: encode it, or use a file.",
                    subject: place
                )
            }
            variables.append("\(name)=\(text)")
        }
    }
}

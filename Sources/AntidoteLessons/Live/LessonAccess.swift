public import AntidoteCore

/// How the learner of a running lesson reaches one presentation.
public struct LessonAccess: Sendable, Hashable, Codable {
    /// The name of the endpoint.
    public var endpoint: String
    /// The name of the presentation.
    public var presentation: String
    /// What it shows.
    public var kind: Presentation.Kind
    /// Where it is reached.
    public var address: HostAddress
    /// For `ssh`.
    public var user: String?

    public init(
        endpoint: String,
        presentation: String,
        kind: Presentation.Kind,
        address: HostAddress,
        user: String? = nil
    ) {
        self.endpoint = endpoint
        self.presentation = presentation
        self.kind = kind
        self.address = address
        self.user = user
    }

    /// The presentations of `edition`, in lesson order, as far as `provisioned` has addresses for them.
    public static func all(of edition: LessonEdition, in provisioned: ProvisionedTopology) -> [LessonAccess] {
        edition.lesson.endpoints.flatMap { endpoint in
            endpoint.presentations.compactMap { presentation in
                let port = provisioned[endpoint: endpoint.name]?[port: Int(presentation.port)]
                return port?.forOwner.map { address in
                    LessonAccess(
                        endpoint: endpoint.name,
                        presentation: presentation.name,
                        kind: presentation.kind,
                        address: address,
                        user: presentation.kind == .ssh ? edition.images[endpoint.image]?.sshLogin.username : nil
                    )
                }
            }
        }
    }
}

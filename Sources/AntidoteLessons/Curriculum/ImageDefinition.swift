public import AntidoteCore

/// An image that endpoints may use, and how it is entered and configured.
public struct ImageDefinition: Sendable, Hashable, Codable {
    /// The name by which endpoints refer to the image.
    public var slug: String
    /// What is in it, for people.
    public var description: String
    /// How much its endpoints may do on their host.
    public var flavor: Flavor
    /// Whether the endpoint forwards packets between its interfaces.
    public var enableForwarding: Bool
    /// The names of the endpoint's interfaces, one for each connection in order; `net0`, `net1`, … beyond them.
    public var networkInterfaces: [String]
    /// The login that learners use.
    public var sshLogin: ImageLogin
    /// The login that configuration and check scripts use.
    public var configurationLogin: ImageLogin

    public init(
        slug: String,
        description: String = "",
        flavor: Flavor = .untrusted,
        enableForwarding: Bool = false,
        networkInterfaces: [String] = [],
        sshLogin: ImageLogin,
        configurationLogin: ImageLogin
    ) {
        self.slug = slug
        self.description = description
        self.flavor = flavor
        self.enableForwarding = enableForwarding
        self.networkInterfaces = networkInterfaces
        self.sshLogin = sshLogin
        self.configurationLogin = configurationLogin
    }
}

public import AntidoteCore

/// What a registry wants to see before it gives a private image.
public struct RegistryCredential: Sendable, Hashable {
    public var username: String
    public var password: Secret
    /// Instead of name and password, where a credential helper gave one.
    public var identityToken: Secret?

    public init(username: String, password: Secret, identityToken: Secret? = nil) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
    }
}

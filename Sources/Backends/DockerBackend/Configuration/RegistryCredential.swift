public import AntidoteCore

/// What a registry wants to see before it gives a private image.
public struct RegistryCredential: Sendable, Hashable {
    /// The name of the account.
    public var username: String
    /// Its password, or a token that stands for one.
    public var password: Secret
    /// Instead of name and password, where a credential helper gave one.
    public var identityToken: Secret?

    /// Takes its parts as they are.
    public init(username: String, password: Secret, identityToken: Secret? = nil) {
        self.username = username
        self.password = password
        self.identityToken = identityToken
    }
}

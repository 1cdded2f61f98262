/// How far an image is trusted, and so what its container may do.
public enum Flavor: String, Sendable, Hashable, Codable, CaseIterable {
    /// The image's own user and the few capabilities that sshd and sudo need. The default.
    case untrusted
    /// `untrusted`, and the right to configure the network of its own container.
    case legacy
    /// Privileged: refused unless the operator allows it.
    case trusted
}

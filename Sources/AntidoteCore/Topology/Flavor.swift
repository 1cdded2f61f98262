/// How much an endpoint may do on its host.
public enum Flavor: String, Sendable, Hashable, Codable, CaseIterable {
    /// The image's own user, the few capabilities that sshd and sudo need, never a raw or administered network.
    case untrusted
    /// As `untrusted`, and `NET_ADMIN`. Not isolated from forged packets towards the host: replies never come.
    case legacy
    /// Privileged: as good as root on the host. Refused unless a backend is told to allow it.
    case trusted
}

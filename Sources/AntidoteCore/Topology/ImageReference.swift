/// Which image to run, and how to come by it.
public struct ImageReference: Sendable, Hashable, Codable {
    /// As the provider understands it: `registry/organisation/name:tag` or `name@sha256:…`.
    public var reference: String
    /// When it is pulled.
    public var pullPolicy: PullPolicy

    public init(_ reference: String, pullPolicy: PullPolicy = .ifMissing) {
        self.reference = reference
        self.pullPolicy = pullPolicy
    }

    /// When an image is pulled from its registry.
    public enum PullPolicy: String, Sendable, Hashable, Codable {
        /// Before every use.
        case always
        /// Where it is not at the provider yet.
        case ifMissing
        /// At no time: it must be there.
        case never
    }
}

/// Which image to run, and how to come by it.
public struct ImageReference: Sendable, Hashable, Codable {
    /// As the provider understands it: `registry/organisation/name:tag` or `name@sha256:…`.
    public var reference: String
    public var pullPolicy: PullPolicy

    public init(_ reference: String, pullPolicy: PullPolicy = .ifMissing) {
        self.reference = reference
        self.pullPolicy = pullPolicy
    }

    public enum PullPolicy: String, Sendable, Hashable, Codable {
        case always
        case ifMissing
        case never
    }
}

/// An image's reference taken apart, by Docker's rules.
struct ImageName: Sendable, Hashable {
    /// As configuration files name it.
    let registry: String
    /// With the tag or digest that the engine would add in thought: a pull without any asks for all tags.
    let pullReference: String

    static let hub = "docker.io"
    /// The name that Docker's configuration file uses for the hub.
    static let hubKey = "https://index.docker.io/v1/"

    init(_ reference: String) {
        let first = reference.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let isHost = reference.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost")
        registry = isHost ? String(first) : Self.hub
        let last = reference.split(separator: "/").last ?? ""
        pullReference = last.contains(":") || reference.contains("@") ? reference : reference + ":latest"
    }

    /// The keys under which credentials for it may be kept.
    var credentialKeys: [String] {
        registry == Self.hub
            ? [Self.hubKey, "index.docker.io", "docker.io", "registry-1.docker.io"]
            : [registry, "https://\(registry)", "https://\(registry)/v1/", "https://\(registry)/v2/"]
    }
}

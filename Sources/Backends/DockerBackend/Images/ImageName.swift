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

    /// Whether an engine could have an image of this name: the grammar of references of the OCI distribution project
    /// (github.com/distribution/reference), without IPv6 hosts.
    static func isLegal(_ reference: String) -> Bool {
        let part = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/
        let host = /[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/
        guard reference.utf8.count <= 512 else { return false }
        var path = Substring(reference)
        if let at = path.lastIndex(of: "@") {
            guard path[at...].wholeMatch(of: /@[A-Za-z0-9]+:[0-9a-fA-F]{32,128}/) != nil else { return false }
            path = path[..<at]
        }
        if let colon = path.lastIndex(of: ":"), !path[colon...].contains("/") {
            guard path[colon...].wholeMatch(of: /:[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) != nil else { return false }
            path = path[..<colon]
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let names = parts.count > 1 && parts[0].wholeMatch(of: host) != nil ? parts.dropFirst() : parts[...]
        return !names.isEmpty && names.allSatisfy { $0.wholeMatch(of: part) != nil }
    }

    /// The keys under which credentials for it may be kept.
    var credentialKeys: [String] {
        registry == Self.hub
            ? [Self.hubKey, "index.docker.io", "docker.io", "registry-1.docker.io"]
            : [registry, "https://\(registry)", "https://\(registry)/v1/", "https://\(registry)/v2/"]
    }
}

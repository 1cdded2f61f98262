public import AntidoteCore
import HTTPTransport

/// Where a receiver of OpenTelemetry's protocol over HTTP is.
public struct OTLPEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// Whether the connection is encrypted.
    public let isSecure: Bool
    /// A name or an address.
    public let host: String
    /// What the URL says, or the usual one: 4318, encrypted 443.
    public let port: Int
    /// Where spans are posted to: the base URL's path and `/v1/traces`.
    let tracesPath: String

    /// A receiver's base URL, such as `http://127.0.0.1:4318`; `/v1/traces` is appended to its path.
    /// - Throws: `configurationInvalid` for another scheme, a user, a query, a fragment, or a host or port that is
    ///   missing or wrong.
    public init(_ url: String) throws(AntidoteError) {
        let secure = url.hasPrefix("https://")
        guard secure || url.hasPrefix("http://") else {
            throw Self.invalid("it does not begin with http:// or https://")
        }
        let rest = url.dropFirst(secure ? 8 : 7)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (authority, path) = (rest[..<slash], rest[slash...])
        // A user or a query may hold a secret, and the text is never shown.
        guard !authority.contains("@"), !rest.contains("?"), !rest.contains("#") else {
            throw Self.invalid("it has a user, a query or a fragment; credentials belong into the headers")
        }
        let (host, port) = try Self.split(authority)
        isSecure = secure
        self.host = host
        self.port = port ?? (secure ? 443 : 4318)
        var base = String(path)
        while base.last == "/" { base.removeLast() }
        guard base.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid("its path has characters that must be percent-encoded")
        }
        tracesPath = base + "/v1/traces"
    }

    /// Without a path.
    public var description: String {
        "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static func split(_ authority: Substring) throws(AntidoteError) -> (host: String, port: Int?) {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("its address has no end") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw invalid("its address has no end") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { throw invalid("it has no host") }
        guard let port else { return (String(host), nil) }
        let isNumber = port.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(port), (1...65535).contains(number) else {
            throw invalid("its port is not a port")
        }
        return (String(host), number)
    }

    private static func invalid(_ reason: String) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "the endpoint for traces cannot be used: \(reason)",
            recovery: "Give the base URL of an OTLP/HTTP receiver, such as http://127.0.0.1:4318."
        )
    }
}
